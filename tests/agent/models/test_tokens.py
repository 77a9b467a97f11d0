"""The estimate is an upper one."""

from agent.models.tokens import estimate_tokens

# Counts by OpenAI's o200k encoding, noted once.
COUNTED = (
    ("Scope 1 emissions fell by 8.1% to 4,120,300 t CO2e in 2023 (2022: 4,480,900 t).", 38),
    ("The Supervisory Board monitors the decarbonisation roadmap every quarter.", 14),
    ("Die Treibhausgasemissionen sanken gegenüber dem Vorjahr um zwölf Prozent.", 18),
    ("水の使用量は前年比で減少しました。", 11),
)


def test_never_below_a_real_tokenizer() -> None:
    for text, counted in COUNTED:
        assert counted <= estimate_tokens(text) <= 2 * counted, text
