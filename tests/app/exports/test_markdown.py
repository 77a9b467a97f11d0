import re

from markdown_it import MarkdownIt

from agent.analyst.markdown import defuse, escape
from app.exports.markdown import to_markdown
from tests.app.exports.published import EVIL, analysis


def test_every_citation_is_listed_with_report_page_and_quote() -> None:
    text = to_markdown(analysis())
    sources = text.split("## Sources")[1]
    assert "- [1] Alpha AG, alpha-2023.pdf, page 5 (printed iii): “Alpha emitted most”" in sources
    assert "- [2] Alpha AG, alpha-2023.pdf, page 8 (printed iii): “plain”" in sources
    cited = {int(n) for n in re.findall(r"(?<!\\)\[(\d+)\]", text.split("## Sources")[0])}
    listed = {int(n) for n in re.findall(r"^- \[(\d+)\]", sources, re.MULTILINE)}
    assert cited == listed == {1, 2}


def test_figures_stand_with_page_status_and_what_became_of_them() -> None:
    text = to_markdown(analysis())
    rows = {
        tuple(cell.strip() for cell in line.strip("|").split("|"))
        for line in text.splitlines()
        if line.startswith("| Scope")
    }
    assert ("Scope 1 emissions", "2023", "1,234.5 t CO2e", "group", "17", "verified", "") in rows
    assert ("Scope 3 emissions", "2023", "9 kt CO2e", "group", "7", "candidate", "") in rows
    assert any(row[-1] == "superseded: plain" for row in rows)


def test_the_comparison_has_a_column_a_company_and_marks_what_is_not_comparable() -> None:
    text = to_markdown(analysis())
    (line,) = [line for line in text.splitlines() if line.startswith("| Scope 3 (")]
    assert "9,000 †" in line and "not found" in line
    assert "Not comparable (candidate): Scope 3 of Alpha AG." in text


def test_the_three_silences_are_told_apart() -> None:
    text = to_markdown(analysis())
    for figure_name, kind in (
        ("Water withdrawal", "not disclosed"),
        ("Total waste", "not found"),
        ("The lost-time injury frequency rate", "unreadable"),
    ):
        assert re.search(rf"\| {figure_name} +\| {kind} ", text)
    assert "Nothing found in this report on: Risks." in text
    assert "No analysis: No PDF." in text


def test_generated_and_fictional_content_is_labelled() -> None:
    assert "> Fictional sample companies" in to_markdown(analysis(fictional=True))
    plain = to_markdown(analysis())
    assert "Fictional" not in plain
    assert "> Generated from the companies' reports." in plain
    assert "No language model was used" in plain
    assert "Written with the model gemini-x" in to_markdown(analysis(model="gemini-x"))


def test_text_of_reports_and_models_renders_without_html_images_or_links() -> None:
    html = (
        MarkdownIt("commonmark", {"html": True})
        .enable("table")
        .render(to_markdown(analysis(text=EVIL)))
    )
    assert not re.search(r"<(?:script|img|a|iframe)\b", html)
    assert "&lt;script&gt;" in html


def test_a_pipe_in_a_quote_does_not_break_a_table() -> None:
    html = MarkdownIt("commonmark").enable("table").render(to_markdown(analysis(text=EVIL)))
    rows = re.findall(r"<tr>(.*?)</tr>", html, re.DOTALL)
    for table in html.split("<table>")[1:]:
        widths = {
            len(re.findall(r"<t[hd][ >]", row))
            for row in re.findall(r"<tr>(.*?)</tr>", table.split("</table>")[0], re.DOTALL)
        }
        assert len(widths) == 1
    assert rows


def test_structure_of_a_written_synthesis_stays_and_its_headings_step_down() -> None:
    text = to_markdown(analysis())
    assert "\n### Emissions\n" in text
    assert "- Alpha emits the most. [1]" in text


def test_escape_keeps_the_words_and_defuse_keeps_the_structure() -> None:
    rendered = MarkdownIt("commonmark").render(escape("5 * 3 < 20 [a] _b_ `c` CO2_x \\ ~d~"))
    assert rendered == "<p>5 * 3 &lt; 20 [a] _b_ `c` CO2_x \\ ~d~</p>\n"
    assert escape("see www.example.com/a_b.") == "see `www.example.com/a_b`."
    assert defuse("## Head\n\n- *point* [1]") == "## Head\n\n- *point* [1]"
    assert "<a" not in MarkdownIt("commonmark").render(
        defuse("[x]: http://e.example\n\n[x] [y][x]")
    )
