"""The analyst with a language model: it writes sentences, code decides which of them stand."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace

from agent.analyst.model_cache import ReplyCache, reply_key, summary_key
from agent.analyst.model_claims import ClaimChecker, Scope
from agent.analyst.model_companies import candidate_lines, proposals
from agent.analyst.model_evidence import (
    EvidenceSheet,
    answer_sheet,
    material_sheet,
    synthesis_sheet,
)
from agent.analyst.model_replies import (
    AnswerReply,
    IdentifyReply,
    IntentReply,
    SummaryReply,
    SynthesisReply,
)
from agent.analyst.model_stream import stream_claims
from agent.analyst.model_text import NOTHING_FOUND, by_topic, lines, sections
from agent.analyst.model_translate import translate
from agent.analyst.model_writer import Task, Writer, Written
from agent.analyst.protocol import WITHOUT_MODEL, Analyst, Intent, SynthesisPiece
from agent.analyst.topics import TOPICS
from agent.domain import (
    Analysis,
    Answer,
    Company,
    CompanyAnalysis,
    CompanySummary,
    ComparisonTable,
    Industry,
    IndustrySynthesis,
    Material,
    Passage,
    ProposedCompany,
)
from agent.errors import PostponedError, ProviderError
from agent.models.gateway import Allowance, CallContext, ModelGateway
from agent.models.outcome import Unanswered
from agent.models.spec import Role
from agent.prompts.hygiene import clean, clean_line, plain_name
from agent.prompts.registry import PromptRegistry

COMPANY_TOKENS = 10_000
"""Prompt tokens that all calls for one company's summary may read together (upper estimate)."""
SUMMARY_TOKENS = 4_000
"""Room for evidence in a summary's prompt: a second call fits into the company's tokens too."""
SYNTHESIS_TOKENS = 2_000
"""Room for evidence in the synthesis for each company, up to SYNTHESIS_MOST for all."""
SYNTHESIS_MOST = 30_000
ANSWER_TOKENS = 9_000
SUMMARY_SENTENCES = 12
"""Sentences a summary's prompt asks for at most."""
SYNTHESIS_SENTENCES = 20


@dataclass(frozen=True)
class ModelAnalyst:
    """An `Analyst` over the models of a gateway. Cheap to make: `bound` gives each run its own.

    `checker` verifies claims against their pages; without one all claims leave unverified and
    whoever gets them verifies. `stand_in` takes over where a role has no model, a model gave
    nothing usable or the budget is spent, and its text says so; without one ProviderError or
    BudgetError is raised.
    """

    gateway: ModelGateway
    checker: ClaimChecker | None = None
    stand_in: Analyst | None = None
    cache: ReplyCache | None = None
    prompts: PromptRegistry = field(default_factory=PromptRegistry)
    reader_version: str = ""
    context: CallContext = field(default_factory=CallContext)
    arms: Mapping[str, str] = field(default_factory=dict)
    """Arms of prompts as stored with the run; a prompt not named is drawn by the thread."""
    focus: str = ""
    """What the user asked about, where it is more than the industry's name."""
    patient: bool = False
    """Whether whoever calls comes again after a pause that a provider asks for."""

    @property
    def name(self) -> str:
        """The model of most roles."""
        return str(self.gateway.settings.main)

    def bound(
        self, context: CallContext, arms: Mapping[str, str] | None = None, focus: str = ""
    ) -> "ModelAnalyst":
        """The same analyst for one run: its ids for the ledger, its budget, its prompts."""
        return replace(self, context=context, arms=arms or {}, focus=focus)

    async def understand(self, message: str, *, has_analysis: bool) -> Intent:
        """Tell a new analysis, a follow-up, a change and a call for help apart."""
        if stand_in := self._without_model("understand"):
            return await stand_in.understand(message, has_analysis=has_analysis)
        values = {"message": clean(message)[:4000], "analysis": "yes" if has_analysis else "no"}
        outcome = await self._writer.ask("understand", "understand", IntentReply, values)
        if isinstance(outcome, Unanswered):
            stand_in = self._take_over(outcome)
            return await stand_in.understand(message, has_analysis=has_analysis)
        reply = outcome.value
        about_shown = reply.kind in ("follow_up", "change")
        return Intent(
            kind="unclear" if about_shown and not has_analysis else reply.kind,
            industry=plain_name(reply.industry)[:300],
            companies=tuple(filter(None, (plain_name(name)[:200] for name in reply.companies))),
            year=reply.year if reply.year and 1990 <= reply.year <= 2100 else None,
            question=message if reply.kind == "follow_up" else "",
        )

    async def identify_companies(
        self, industry: Industry, candidates: tuple[ProposedCompany, ...], limit: int
    ) -> tuple[ProposedCompany, ...]:
        """Select and order at most `limit` companies, each with a reason.

        Those left out stay in the list, not selected. Where exactly the candidates are wanted
        there is nothing to choose, and no model is asked.
        """
        if len(candidates) == limit:
            return candidates
        if stand_in := self._without_model("identify"):
            return await stand_in.identify_companies(industry, candidates, limit)
        values = {
            "industry": clean_line(industry.name),
            "candidates": candidate_lines(candidates),
            "limit": str(limit),
        }
        writer, cache = self._writer, self.cache
        key = self._key("identify", *values.values())
        reply = await cache.find(key, IdentifyReply) if cache else None
        if reply is None:
            outcome = await writer.ask("identify", "identify", IdentifyReply, values)
            if isinstance(outcome, Unanswered):
                stand_in = self._take_over(outcome)
                return await stand_in.identify_companies(industry, candidates, limit)
            reply = outcome.value
            if cache:
                await cache.keep(key, reply)
        return proposals(reply, candidates, limit)

    async def summarize(self, material: Material) -> CompanySummary:
        """Summarize one report topic by topic from the material alone."""
        if stand_in := self._without_model("summarize"):
            return await stand_in.summarize(material)
        task = self._summary_task(material)
        written = Written((), self._writer.by("summarize"))
        if task.scope.sheet.items:
            company = material.report.company
            allowance = Allowance(COMPANY_TOKENS)
            context = replace(self.context, company=company, allowance=allowance)
            outcome = await self._writer.within(context).write(task)
            if isinstance(outcome, Unanswered):
                summary = await self._take_over(outcome).summarize(material)
                return summary.model_copy(update=_instead(summary.generated_by, outcome))
            written = outcome
        told = {claim.topic for claim in written.claims}
        return CompanySummary(
            claims=by_topic(written.claims, TOPICS),
            not_found_topics=tuple(topic for topic in TOPICS if topic not in told),
            generated_by=written.by,
        )

    async def synthesize(
        self,
        industry: Industry,
        companies: tuple[CompanyAnalysis, ...],
        table: ComparisonTable,
    ) -> IndustrySynthesis:
        """Write the text over all companies; every sentence is a claim with evidence."""
        if stand_in := self._without_model("synthesize"):
            return await stand_in.synthesize(industry, companies, table)
        outcome = await self._writer.write(self._synthesis_task(industry, companies))
        if isinstance(outcome, Unanswered):
            text = await self._take_over(outcome).synthesize(industry, companies, table)
            return text.model_copy(update=_instead(text.generated_by, outcome))
        return _synthesis(outcome)

    async def stream_synthesis(
        self,
        industry: Industry,
        companies: tuple[CompanyAnalysis, ...],
        table: ComparisonTable,
    ) -> AsyncGenerator[SynthesisPiece | IndustrySynthesis]:
        """`synthesize`, giving each sentence as soon as it is written and has held up.

        The last item is always the whole text, which replaces the pieces: sentences that were
        repaired are only in there. Where the stream breaks off, the text is written again.
        """
        if self._without_model("synthesize"):
            yield await self.synthesize(industry, companies, table)
            return
        task = self._synthesis_task(industry, companies)
        async with aclosing(stream_claims(self._writer, task)) as stream:
            async for item in stream:
                if isinstance(item, SynthesisPiece):
                    yield item
                elif isinstance(item, Written):
                    yield _synthesis(item)
                else:
                    yield await self.synthesize(industry, companies, table)

    async def answer(
        self, question: str, analysis: Analysis, passages: tuple[Passage, ...]
    ) -> Answer:
        """Answer from the figures of the analysis and the passages, or say it is not there."""
        if stand_in := self._without_model("answer"):
            return await stand_in.answer(question, analysis, passages)
        sheet = answer_sheet(analysis.companies, passages, ANSWER_TOKENS)
        asked = clean(question)[:2000]
        task = Task(
            role="answer",
            shape=AnswerReply,
            values={"question": asked},
            scope=_scope(analysis.companies, sheet=sheet, prefix="answer"),
            key=self._key("answer", asked, sheet.text),
        )
        written = Written((), self._writer.by("answer"))
        if sheet.items:
            outcome = await self._writer.write(task)
            if isinstance(outcome, Unanswered):
                answer = await self._take_over(outcome).answer(question, analysis, passages)
                return answer.model_copy(update=_instead(answer.generated_by, outcome))
            written = outcome
        return Answer(
            analysis_id=analysis.analysis_id,
            question=question,
            markdown=lines(written.claims) or NOTHING_FOUND,
            claims=written.claims,
            found=bool(written.claims),
            generated_by=written.by,
        )

    async def translate(
        self, sentences: Sequence[str], language: str
    ) -> tuple[str | None, ...] | None:
        """Sentences in another language, for reading only; None where the role has no model."""
        if self.gateway.settings.spec("answer").extractive:
            return None
        return await translate(self._writer, sentences, language)

    @property
    def _writer(self) -> Writer:
        return Writer(
            gateway=self.gateway,
            prompts=self.prompts,
            checker=self.checker,
            cache=self.cache,
            context=self.context,
            arms=self.arms,
        )

    def _summary_task(self, material: Material) -> Task[SummaryReply]:
        report = material.report
        sheet = material_sheet(material, SUMMARY_TOKENS)
        return Task(
            role="summarize",
            shape=SummaryReply,
            values={
                "company": clean_line(report.company),
                "focus": clean_line(self.focus),
                "topics": "; ".join(TOPICS),
                "sentences": str(SUMMARY_SENTENCES),
            },
            scope=Scope(
                sheet=sheet,
                prefix=f"{report.sha256[:12]}-m",
                topics=TOPICS,
                records=material.kpis,
                companies={report.sha256: Company(id=report.company, name=report.company)},
            ),
            key=summary_key(
                report=report.sha256,
                reader_version=self.reader_version,
                prompt_sha=self._writer.prompt("summarize").sha,
                model=self._model("summarize"),
                focus=self.focus,
                evidence=sheet.text,
            ),
            thorough=False,
        )

    def _synthesis_task(
        self, industry: Industry, companies: tuple[CompanyAnalysis, ...]
    ) -> Task[SynthesisReply]:
        room = min(SYNTHESIS_TOKENS * max(1, len(companies)), SYNTHESIS_MOST)
        sheet = synthesis_sheet(companies, room)
        values = {
            "industry": clean_line(industry.name),
            "focus": clean_line(self.focus),
            "topics": "; ".join(TOPICS),
            "sentences": str(SYNTHESIS_SENTENCES),
        }
        return Task(
            role="synthesize",
            shape=SynthesisReply,
            values=values,
            scope=_scope(companies, sheet=sheet, prefix="synthesis"),
            key=self._key("synthesize", *values.values(), sheet.text),
        )

    def _key(self, role: Role, *shown: str) -> str:
        prompt = self._writer.prompt(role)
        return reply_key(prompt_sha=prompt.sha, model=self._model(role), shown="\n".join(shown))

    def _model(self, role: Role) -> str:
        return str(self.gateway.settings.spec(role))

    def _without_model(self, role: Role) -> Analyst | None:
        """The stand-in where the role has no model of its own, by its settings."""
        if not self.gateway.settings.spec(role).extractive:
            return None
        return self._take_over(Unanswered("failed", f"The role {role} has no model."))

    def _take_over(self, outcome: Unanswered) -> Analyst:
        """The stand-in; without one the lack is raised as an error.

        Raises PostponedError to a patient caller where the provider asks for a pause.
        """
        if self.patient and outcome.pause_seconds is not None:
            raise PostponedError(outcome.reason, outcome.do, seconds=outcome.pause_seconds)
        if self.stand_in is None:
            raise outcome.error or ProviderError(outcome.reason, outcome.do)
        return self.stand_in


def _scope(companies: tuple[CompanyAnalysis, ...], *, sheet: EvidenceSheet, prefix: str) -> Scope:
    return Scope(
        sheet=sheet,
        prefix=prefix,
        topics=TOPICS,
        records=tuple(record for row in companies for record in row.kpis),
        companies={
            row.report.sha256: Company(id=row.company_id, name=row.name)
            for row in companies
            if row.report is not None
        },
    )


def _synthesis(written: Written) -> IndustrySynthesis:
    claims = by_topic(written.claims, TOPICS)
    return IndustrySynthesis(markdown=sections(claims), claims=claims, generated_by=written.by)


def _instead(by: str, outcome: Unanswered) -> dict[str, str]:
    return {"generated_by": f"{by} ({WITHOUT_MODEL}: {outcome.reason})"}
