"""Follows one analysis and shows it in the attached chat session, live or replayed.

The run itself knows nothing of sessions. Everything sent here has an id made from the
analysis, so a reload, a second tab or a reconnect re-sends without doubling.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from contextlib import aclosing
from typing import Any, cast

import chainlit as cl
from chainlit.session import WebsocketSession

from agent.domain import Analysis, AnalysisRequest
from agent.errors import NotFoundError
from app.chat.cards import card, just_after, say
from app.chat.identity import stable_id
from app.chat.present import headline, model_use, result_markdown, written_by
from app.chat.progress import Progress
from app.chat.report_choice import open_rows, say_choice
from app.chat.runtime import get_data_layer, get_research, get_turns
from app.chat.settings import year_choices
from app.chat.stream import batches, connected, ping_seconds
from app.chat.text import plain
from app.chat.translate import translation
from app.chat.turns import Turn

AtReview = Callable[[str], Awaitable[None]]
_DRAW_SECONDS = 0.25
_RECONNECT_SECONDS = 900
_WATCHES: set[asyncio.Task[None]] = set()
"""Held here: the event loop alone does not keep a task from being collected."""
# Links of the client's own (public/isra.js) to what stands below the text.
_WAYS = "[Comparison, companies and export](#isra-result) · [Charts](#isra-charts)"


class Follower:
    """Draws one analysis into the session that is current when it is made.

    `known` are the ids of messages the client has already, from a thread it just loaded;
    sending those again would wipe the feedback the client holds on them. `at_review` answers
    the review in the user's place; without one the list waits for the user.
    """

    def __init__(
        self,
        analysis_id: str,
        known: Collection[str] = (),
        at_review: AtReview | None = None,
    ) -> None:
        self._id = analysis_id
        self._known = frozenset(known)
        self._at_review = at_review
        # Every session of the chat is a socket's; the other kind belongs to bots.
        self._session = cast(WebsocketSession, cl.context.session)
        self._socket = self._session.socket_id
        self._progress = Progress()
        self._sent: dict[str, Any] = {}
        self._request: AnalysisRequest | None = None

    async def follow(self) -> None:
        """Show the analysis until it ends or waits for the user."""
        emitter = cl.context.emitter
        try:
            async with aclosing(batches(get_research().events(self._id))) as told:
                async for events in told:
                    for event in events:
                        self._progress.apply(event)
                    # A reconnect ends the task in the client and hides Stop: begin it again.
                    await emitter.task_start()
                    await self._draw()
                    if self._progress.ended:
                        break
                    if await self._waits():
                        if self._at_review is None:
                            break
                        await self._at_review(self._id)
                    await asyncio.sleep(_DRAW_SECONDS)
        finally:
            await emitter.task_end()
        watch = asyncio.create_task(self._redraw_when_back())
        _WATCHES.add(watch)
        watch.add_done_callback(_WATCHES.discard)

    async def _waits(self) -> bool:
        if self._progress.phase != "review":
            return False
        status = await get_research().status(self._id)
        return status.state == "awaiting_review"

    async def _draw(self) -> None:
        if self._session.socket_id != self._socket:
            # What was sent while the socket was gone never arrived.
            self._socket = self._session.socket_id
            self._known, self._sent = frozenset(), {}
        progress = self._progress
        if progress.phase == "finding":
            await self._once("opening", _opening(progress), self._opening)
        if progress.proposed_at:
            state = "open" if progress.phase == "review" else "confirmed"
            state = "closed" if progress.ended and not progress.confirmed_at else state
            await self._once("review", state, self._review)
        if progress.confirmed_at:
            await self._once("progress", progress.props(), self._progress_card)
        if progress.ended:
            await self._once("end", progress.phase, self._end)
            if open_rows(progress) and progress.phase != "stopped":
                await self._once("choice", progress.phase, self._choice)

    async def _once(self, role: str, state: Any, send: Any) -> None:
        """Send a role's message only when what it shows has changed."""
        if self._sent.get(role) != state:
            self._sent[role] = state
            await send()

    async def _opening(self) -> None:
        await say("review", self._id, _opening(self._progress), at=self._progress.started_at)

    async def _review(self) -> None:
        progress = self._progress
        state = self._sent["review"]
        kept = await get_data_layer().get_element(
            cl.context.session.thread_id, stable_id(self._id, "review-card")
        )
        rows = review_rows(progress.proposed)
        # The reader's edits outlive a reload.
        rows = ((kept or {}).get("props") or {}).get("companies", rows)
        if state == "confirmed":
            rows = confirmed_rows(progress.confirmed, rows)
        if self._request is None:
            self._request = (await get_research().status(self._id)).request
        props = {
            "analysis_id": self._id,
            "state": state,
            "industry": progress.industry,
            "fictional": progress.fictional,
            "companies": rows,
            "year": self._request.year,
            # Who named the companies has the number in hand.
            "limit": 0 if self._request.companies else self._request.limit or len(rows),
            "years": year_choices(),
        }
        await say(
            "review",
            self._id,
            _review_words(progress),
            at=progress.started_at,
            elements=[card("CompanyReview", self._id, "review-card", props)],
        )
        await rename_thread(thread_title(progress))

    async def _progress_card(self) -> None:
        usage = await get_research().usage(self._id)
        props = {
            "analysis_id": self._id,
            **self._sent["progress"],
            "usage": model_use(usage) if usage.model_calls else "",
        }
        await say(
            "progress",
            self._id,
            "",
            at=self._progress.confirmed_at,
            elements=[card("AnalysisProgress", self._id, "progress-card", props)],
        )

    async def _end(self) -> None:
        progress = self._progress
        if progress.phase == "done":
            await self._result(await get_research().result(self._id))
        elif progress.phase == "stopped" and progress.proposed_at and not progress.confirmed_at:
            # The card itself says that the list was given up.
            return
        elif progress.phase == "stopped":
            text = "Stopped. What was read so far is kept, so the next run is faster."
            await say("end", self._id, text, at=progress.ended_at)
        else:
            text = f"**{plain(progress.what)}** {plain(progress.do)}".strip()
            await say("end", self._id, text, at=progress.ended_at, is_error=True)

    async def _result(self, analysis: Analysis) -> None:
        """The result stands in a run of its own: only there does the client offer thumbs."""
        run_id, at = stable_id(self._id, "result-run"), self._progress.ended_at
        if run_id in self._known:
            return
        thread_id = cl.context.session.thread_id
        await get_turns().save(Turn(run_id, thread_id, self._id, "result", written_by(analysis)))
        run = cl.Step(name="on_message", type="run", id=run_id)
        run.created_at = run.start = run.end = at
        await run.send()
        await say(
            "result",
            self._id,
            f"{headline(analysis)}\n\n{_WAYS}\n\n{result_markdown(analysis)}",
            at=just_after(at),
            parent_id=run_id,
            elements=[
                card("AnalysisResult", self._id, "result-view", result_props(analysis)),
                card("AnalysisCharts", self._id, "result-charts", result_props(analysis)),
            ],
        )

        if analysis.request.language:
            text = await translation(
                self._id, analysis.synthesis.claims, analysis, analysis.request.language
            )
            sources = card(
                "TranslationSources", self._id, "translation-view", result_props(analysis)
            )
            await say("translation", self._id, text, at=just_after(at, 2), elements=[sources])

    async def _choice(self) -> None:
        await say_choice(self._id, self._progress)

    async def _redraw_when_back(self) -> None:
        """Draw the last state again if the client was away when it was sent.

        A line that is dead takes all that is sent until a ping on it stays without an answer.
        """
        now = asyncio.get_running_loop().time
        given_up, sure = now() + _RECONNECT_SECONDS, now() + ping_seconds()
        while True:
            if self._session.socket_id != self._socket:
                try:
                    await self._draw()
                except NotFoundError:
                    return
                sure = now() + ping_seconds()
            if now() >= (sure if connected(self._session) else given_up):
                return
            await asyncio.sleep(1)


def review_rows(proposed: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The proposed companies as the review card edits them."""
    return [
        {
            "id": row["company"]["id"],
            "name": row["company"]["name"],
            "country": row["company"].get("country", ""),
            "fictional": row["company"].get("fictional", False),
            "reason": row["reason"],
            "report_known": row.get("report_known", ""),
            "selected": row.get("selected", True),
        }
        for row in proposed
    ]


def confirmed_rows(
    confirmed: list[dict[str, Any]], rows: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """The confirmed companies, with what the card knew of those it had proposed."""
    known = {row["name"]: row for row in rows}
    return [
        {**known.get(row["name"], {"reason": ""}), **row, "selected": True} for row in confirmed
    ]


def result_props(analysis: Analysis) -> dict[str, Any]:
    """The result element fetches its view itself; the thread stays small."""
    return {"analysis_id": analysis.analysis_id, "industry": analysis.industry.name}


def thread_title(progress: Progress) -> str:
    """The industry and, once they are confirmed, the first of its companies."""
    names = [row["name"] for row in progress.confirmed]
    if not names:
        return progress.industry
    more = f" +{len(names) - 1}" if len(names) > 1 else ""
    return f"{progress.industry.removesuffix(' industry')}: {names[0]}{more}"


async def rename_thread(title: str) -> None:
    """Give the thread a title that can be recognised, unless its user has renamed it."""
    session = cl.context.session
    layer = get_data_layer()
    thread = await layer.get_thread(session.thread_id)
    if not title or thread is None:
        return
    given = (thread["metadata"] or {}).get("title")
    renamed = given is not None and thread["name"] != given
    if renamed or given == title:
        return
    await layer.update_thread(session.thread_id, name=title, metadata={"title": title})
    # The client reads its list of threads again at this event.
    await cl.context.emitter.emit(
        "first_interaction", {"interaction": title, "thread_id": session.thread_id}
    )


def _opening(progress: Progress) -> str:
    industry = f" in **{plain(progress.industry)}**" if progress.industry else ""
    return f"Looking for companies{industry}. {progress.note}".strip()


def _review_words(progress: Progress) -> str:
    count = len(progress.proposed)
    if progress.phase != "review":
        return f"**{plain(progress.industry)}**: the companies of this analysis."
    found = f"{count} companies" if count != 1 else "one company"
    return (
        f"I found {found} for **{plain(progress.industry)}**. Nothing has been spent yet: "
        "change the list as you like, then start."
    )
