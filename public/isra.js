// Loaded before the chat client. What the elements in public/elements share.
(() => {
  // The client's own default is dark; a reader's system knows better.
  if (!localStorage.getItem("vite-ui-theme")) localStorage.setItem("vite-ui-theme", "system");

  import("/public/accessible.js");

  const parts = {};
  const views = new Map();

  // The client evaluates an element's file anew whenever anything around it changes. The first
  // component of a name is kept, so that React sees the same one and what was typed stays.
  const keep = (name, component) => (parts[name] ??= component);

  const problem = async (response) => {
    const body = await response.json().catch(() => ({}));
    return new Error(body.detail || "The server did not answer. Reload the page to try again.");
  };

  const loadView = (analysisId) => {
    if (!views.has(analysisId)) {
      const view = fetch(`/analyses/${analysisId}/view`).then(async (response) => {
        if (!response.ok) throw await problem(response);
        return response.json();
      });
      view.catch(() => views.delete(analysisId));
      views.set(analysisId, view);
    }
    return views.get(analysisId);
  };

  const loadPicture = async (analysisId, source) => {
    const query = new URLSearchParams({ analysis: analysisId, quote: source.quote });
    const address = `/reports/${source.report}/pages/${source.page}.jpg?${query}`;
    const response = await fetch(address);
    if (!response.ok) throw await problem(response);
    const url = URL.createObjectURL(await response.blob());
    return { url, address, found: response.headers.get("x-quote-found") === "yes" };
  };

  // The panel is an element of the client like any other: it stays open while messages come
  // in, and a second click replaces what it shows. Its name is the panel's title.
  const openEvidence = (setElements, analysisId, items, index) => {
    const id = "isra-evidence";
    const props = { analysis_id: analysisId, items, index, opened: Date.now() };
    const panel = { id, type: "custom", name: "Evidence", display: "side", forId: "", props };
    setElements((elements) => [...elements.filter((element) => element.id !== id), panel]);
  };

  // Citation marks are plain links in the message's text; the element below the text of the
  // same message listens for them.
  const onCitation = (node, open) => {
    const message = node?.closest(".message-content");
    if (!message) return undefined;
    const listener = (event) => {
      const link = event.target.closest?.('a[href^="#cite-"]');
      if (!link) return;
      event.preventDefault();
      open(Number(link.getAttribute("href").split("-")[1]));
    };
    message.addEventListener("click", listener);
    return () => message.removeEventListener("click", listener);
  };

  // Ways from the top of a result to what stands below its text.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.('a[href^="#isra-"]');
    if (!link) return;
    event.preventDefault();
    const id = link.getAttribute("href").replace("#isra-", "#analysis-");
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    link.closest(".message-content")?.querySelector(id)?.scrollIntoView({ behavior: calm ? "auto" : "smooth", block: "start" });
  });

  // Every place of every citation in the text's order, each knowing which mark it belongs to.
  const citedSources = (citations, sources) =>
    citations.flatMap((places, claim) =>
      places.map((index, part) => ({ ...sources[index], mark: claim + 1, part: part + 1, parts: places.length })),
    );

  // The marks of a text open what they cite, with all its other places to walk through.
  const openOnCitation = (node, setElements, analysisId, items) =>
    onCitation(node, (mark) => {
      const index = items.findIndex((item) => item.mark === mark);
      if (index >= 0) openEvidence(setElements, analysisId, items, index);
    });

  const count = (number, one, many) => `${number.toLocaleString("en-US")} ${number === 1 ? one : many}`;

  window.isra = { keep, loadView, loadPicture, openEvidence, openOnCitation, citedSources, count };
})();
