import { useEffect, useRef, useState } from "react";
import { useSetRecoilState } from "recoil";
import { elementState } from "@chainlit/react-client";

const { keep, loadView, openOnCitation, citedSources } = window.isra;

// Shows nothing: it lets the citation marks of the translation above open the pages of the result.
function TranslationSources({ card }) {
  const root = useRef(null);
  const setElements = useSetRecoilState(elementState);
  const [view, setView] = useState(null);
  useEffect(() => {
    loadView(card.analysis_id).then(setView, () => setView(null));
  }, [card.analysis_id]);
  useEffect(() => {
    if (!view) return undefined;
    const items = citedSources(view.citations, view.sources);
    return openOnCitation(root.current, setElements, card.analysis_id, items);
  }, [view]);
  return <span ref={root} hidden />;
}

const Kept = keep("TranslationSources", TranslationSources);
export default <Kept card={props} />;
