import { useEffect, useRef } from "react";
import { useSetRecoilState } from "recoil";
import { elementState } from "@chainlit/react-client";

const { keep, openEvidence, onCitation } = window.isra;

function AnswerSources({ answer }) {
  const root = useRef(null);
  const setElements = useSetRecoilState(elementState);
  const order = [...new Set(answer.citations.flat())];
  const open = (source) =>
    openEvidence(setElements, answer.analysis_id, order.map((index) => answer.sources[index]), order.indexOf(source));

  useEffect(
    () =>
      onCitation(root.current, (mark) => {
        const places = answer.citations[mark - 1];
        if (places?.length) open(places[0]);
      }),
    [],
  );

  return (
    <ol className="isra-answer-sources" ref={root} aria-label="Sources of this answer">
      {order.map((index) => {
        const source = answer.sources[index];
        const mark = answer.citations.findIndex((places) => places.includes(index)) + 1;
        return (
          <li key={index}>
            <button type="button" className={`isra-source isra-source-${source.trust}`} onClick={() => open(index)}>
              <b>{mark}</b> {source.company}, page {source.page} <span className="isra-quiet">“{source.quote}”</span>
            </button>
          </li>
        );
      })}
    </ol>
  );
}

const Kept = keep("AnswerSources", AnswerSources);
export default <Kept answer={props} />;
