import { useEffect, useRef } from "react";
import { useSetRecoilState } from "recoil";
import { elementState } from "@chainlit/react-client";

const { keep, openEvidence, openOnCitation, citedSources } = window.isra;

function AnswerSources({ answer }) {
  const root = useRef(null);
  const setElements = useSetRecoilState(elementState);
  const items = citedSources(answer.citations, answer.sources);
  const open = (index) => openEvidence(setElements, answer.analysis_id, items, index);

  useEffect(() => openOnCitation(root.current, setElements, answer.analysis_id, items), []);

  return (
    <ol className="isra-answer-sources" ref={root} aria-label="Sources of this answer">
      {items.map((source, index) => (
        <li key={index}>
          <button type="button" className={`isra-source isra-source-${source.trust}`} onClick={() => open(index)}>
            <b>{source.mark}</b> {source.company}, page {source.page} <span className="isra-quiet">“{source.quote}”</span>
          </button>
        </li>
      ))}
    </ol>
  );
}

const Kept = keep("AnswerSources", AnswerSources);
export default <Kept answer={props} />;
