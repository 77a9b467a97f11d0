"""What a message of the user sets off: an analysis, a change of it, an answer, or help."""

import re
from collections.abc import Sequence
from typing import Any

import chainlit as cl

from agent.analyst.protocol import Intent
from agent.domain import AnalysisRequest, Company, ProposedCompany
from agent.errors import ConflictError, InputError, NotFoundError
from app.auth.modes import LOCAL
from app.auth.roles import require_analyst
from app.chat.cards import card
from app.chat.follow import AtReview, Follower, rename_thread
from app.chat.going_on import follow_latest, go_on_with_uploads
from app.chat.identity import stable_id
from app.chat.intents import changed_request, new_request, own_request, wants_own_reports
from app.chat.present import answer_markdown, answer_view
from app.chat.runtime import get_research, get_runtime, get_turns
from app.chat.settings import chosen_settings
from app.chat.text import plain
from app.chat.translate import translation
from app.chat.turns import Turn
from app.chat.uploads import take_reports
from graph.analyses import AnalysisStatus

HELP = """I research the sustainability reports of an industry's companies.

- **Start:** name an industry, for example “cement”. Name companies or a year to narrow it: \
“only these two, 2023”.
- **Your own reports:** add PDF files to a message, then write “use my PDFs”. Only you see them.
- **Review:** you confirm the list of companies before anything is read.
- **Result:** every sentence and figure opens the page it stands on. What was not found is said.
- **Then ask:** follow-up questions are answered from the same pages.
- **Or change it:** “add Korvanta Cement”, “drop Korvanta Cement”, “redo with 2022”, “leave \
Scope 3 out”, “only emissions and energy”. What stays as it was is not read again.

I cannot tell you what the reports do not say, and I do not judge whether a company does enough."""

UNCLEAR = (
    "I did not understand what to research. Name an industry, for example “cement”, or write "
    "“help”."
)

LIST_FIRST = (
    "There is no result to ask about yet: the list of companies above waits for you. Change it "
    "and start, or name another industry."
)
NOTHING_TO_ASK = (
    "There is no result in this conversation to ask about yet. Name an industry to start, or "
    "open an earlier analysis from the list."
)


NAME_THE_NUMBER = (
    "Which number? Click it and press “Explain”, or write it as it stands in the table, for "
    "example “explain 2,841”."
)
_WHICH_NUMBER = re.compile(r"\bexplain\b.{0,20}\b(?:number|figure|value)\b", re.IGNORECASE)


async def receive(message: cl.Message) -> None:
    """Answer one message of the user. Raises ForbiddenError for viewers."""
    require_analyst(get_runtime().sign_in, current_user())
    await get_runtime().limits.message(current_user())
    text = message.content.strip()
    added = await take_reports(message, current_user())
    thread_id = cl.context.session.thread_id
    latest = await get_turns().latest_analysis(thread_id)
    status = await get_research().status(latest) if latest else None
    if added is not None and not text:
        if status is None:
            # The client gives a conversation its address and place in the list by its first words.
            await rename_thread(f"Own report: {message.elements[0].name}")
        elif at_review := await go_on_with_uploads(status, added):
            await follow_latest(thread_id, at_review)
        return
    if status is not None and status.state == "running":
        await cl.Message(
            "An analysis is running in this conversation. Wait for it, or press Stop."
        ).send()
        await Follower(status.analysis_id).follow()
        return
    await _answer_to(message, text, status)


async def _answer_to(message: cl.Message, text: str, status: AnalysisStatus | None) -> None:
    """Do what the text asks for, given the conversation's latest analysis."""
    state = status.state if status is not None else ""
    at_hand = state in {"published", "awaiting_review"}
    intent = await get_research().understand(text, has_analysis=at_hand)
    match intent.kind:
        case "help":
            await cl.Message(f"{HELP}{_for_owners()}").send()
        case "change" if status is not None:
            await _change(message, status, intent, text)
        case _ if wants_own_reports(text) and not (at_hand and intent.kind == "follow_up"):
            await _start(message, await own_request(intent, current_user()), status)
        case "follow_up" if _WHICH_NUMBER.search(text) and not re.search(r"\d", text):
            await cl.Message(NAME_THE_NUMBER).send()
        case "analysis" | "change" if intent.industry or intent.companies:
            await _start(message, new_request(intent, current_user()), status)
        case "follow_up" | "unclear" if status is not None and state == "published":
            # With a result at hand an unclear message is taken for a question about it.
            await _answer(message, status.analysis_id, intent.question or text)
        case "follow_up":
            await cl.Message(LIST_FIRST if at_hand else NOTHING_TO_ASK).send()
        case _:
            await cl.Message(UNCLEAR).send()


async def confirm(analysis_id: str, rows: Sequence[dict[str, Any]]) -> None:
    """Start the confirmed companies; the known ones are taken from our own proposal.

    Raises:
        InputError: no company is left, or too many.
        ConflictError: the list was confirmed before.
    """
    research = get_research()
    known = {row.company.id: row for row in await research.proposal(analysis_id)}
    chosen = [known.get(str(row.get("id"))) or _added(str(row.get("name", ""))) for row in rows]
    if not chosen:
        raise InputError("No company is selected.", "Select at least one, or add one by name.")
    if len(chosen) > 50:
        raise InputError("These are more than 50 companies.", "Leave some out.")
    await research.confirm(
        analysis_id, [row.model_copy(update={"selected": True}) for row in chosen]
    )


async def own_analysis(analysis_id: str) -> AnalysisStatus:
    """The analysis, if it is the current user's.

    Raises:
        InputError: it is someone else's, or there is none; the two look the same.
    """
    try:
        status = await get_research().status(analysis_id)
    except NotFoundError:
        status = None
    if status is None or status.owner != current_user():
        raise InputError("This analysis is not yours.", "Start one of your own.")
    return status


def current_user() -> str:
    """The identifier of the session's user."""
    user = cl.context.session.user
    return user.identifier if user is not None else LOCAL.identifier


def _for_owners() -> str:
    if not get_runtime().sign_in.is_owner(current_user()):
        return ""
    return "\n\nFor you as owner: [everyone's feedback](/owner/feedback)."


async def _change(message: cl.Message, status: AnalysisStatus, intent: Intent, text: str) -> None:
    """Extend the analysis: what the message leaves as it was is taken over, not read again."""
    change = await changed_request(status, intent, text)
    if status.state == "published":
        await cl.Message(plain(change.words)).send()
        await _start(message, change.request, status, confirm_all)
    else:
        await _start(message, change.request, status)


async def confirm_all(analysis_id: str) -> None:
    """Start a list the user has just put together in words."""
    research = get_research()
    rows = await research.proposal(analysis_id)
    await research.confirm(analysis_id, [row.model_copy(update={"selected": True}) for row in rows])


async def review_again(status: AnalysisStatus, limit: int | None, year: int | None) -> str:
    """Give the open list up and begin one with another number of companies or another year.

    Raises:
        ConflictError: the list was confirmed before.
        InputError: number or year cannot be.
    """
    if status.state != "awaiting_review":
        raise ConflictError("This list was confirmed already.", "Reload the page to see it.")
    if (limit is not None and not 1 <= limit <= 50) or (year and not 1990 <= year <= 2100):
        raise InputError("This number or year cannot be.", "Choose another one.")
    research, thread_id = get_research(), cl.context.session.thread_id
    request = status.request.model_copy(update={"limit": limit, "year": year})
    analysis_id = stable_id(status.analysis_id, str(limit), str(year))
    await research.cancel(status.analysis_id)
    await get_turns().save(
        Turn(stable_id(analysis_id, "request-run"), thread_id, analysis_id, "request")
    )
    await research.start(request, analysis_id=analysis_id)
    return analysis_id


async def _start(
    message: cl.Message,
    request: AnalysisRequest,
    previous: AnalysisStatus | None,
    at_review: AtReview | None = None,
) -> None:
    research = get_research()
    if previous is not None and previous.state == "awaiting_review":
        # Only one list can wait for its confirmation; the newer wish counts.
        await research.cancel(previous.analysis_id)
        await Follower(previous.analysis_id).follow()
    thread_id = cl.context.session.thread_id
    analysis_id = stable_id(thread_id, message.id)
    run = cl.context.current_run
    run_id = run.id if run is not None else stable_id(analysis_id, "request-run")
    await get_turns().save(Turn(run_id, thread_id, analysis_id, "request"))
    request = request.model_copy(update={"thread": thread_id})
    await research.start(request, analysis_id=analysis_id)
    await Follower(analysis_id, at_review=at_review).follow()


async def _answer(message: cl.Message, analysis_id: str, question: str) -> None:
    research = get_research()
    answer = await research.ask(analysis_id, question)
    analysis = await research.result(analysis_id)
    run = cl.context.current_run
    thread_id = cl.context.session.thread_id
    if run is not None:
        await get_turns().save(Turn(run.id, thread_id, analysis_id, "answer", answer.generated_by))
    view = answer_view(answer, analysis)
    sources = card("AnswerSources", analysis_id, f"sources-{message.id}", view)
    text = answer_markdown(answer, analysis)
    language = chosen_settings().language
    if language and answer.claims:
        text += "\n\n" + await translation(analysis_id, answer.claims, analysis, language)
    await cl.Message(text, elements=[sources] if answer.claims else []).send()


def _added(name: str) -> ProposedCompany:
    name = " ".join(name.split())[:200]
    if not name:
        raise InputError("A company without a name was added.", "Name it, or take it out.")
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "company"
    return ProposedCompany(company=Company(id=slug, name=name), reason="You added it.")
