import { useEffect, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/skeleton";
import { BadgeCheck, ChevronLeft, ChevronRight, CircleHelp, ExternalLink, MessageCircleQuestion, ZoomIn, ZoomOut } from "lucide-react";

const { keep, loadPicture } = window.isra;

function Trust({ trust }) {
  return trust === "verified" ? (
    <span className="isra-tag isra-tag-verified"><BadgeCheck aria-hidden="true" /> Verified</span>
  ) : (
    <span className="isra-tag isra-tag-candidate"><CircleHelp aria-hidden="true" /> Candidate</span>
  );
}

function PagePicture({ analysisId, source }) {
  const [picture, setPicture] = useState(null);
  const [problem, setProblem] = useState("");
  const [large, setLarge] = useState(false);

  useEffect(() => {
    let current = true;
    let url = "";
    setPicture(null);
    setProblem("");
    loadPicture(analysisId, source).then(
      (loaded) => {
        url = loaded.url;
        if (current) setPicture(loaded);
        else URL.revokeObjectURL(url);
      },
      (error) => current && setProblem(error.message),
    );
    return () => {
      current = false;
      if (url) URL.revokeObjectURL(url);
    };
  }, [source.report, source.page, source.quote]);

  if (problem) return <p role="alert" className="isra-problem">{problem}</p>;
  return (
    <figure className="isra-page">
      <div className={`isra-page-frame ${large ? "isra-page-large" : ""}`} tabIndex={0} role="group" aria-label="Picture of the page">
        {picture ? (
          <img
            id="evidence-picture"
            src={picture.url}
            data-marked={picture.found ? "yes" : "no"}
            alt={`Page ${source.page} of the report of ${source.company}${picture.found ? ", the sentence is marked" : ""}`}
          />
        ) : (
          <Skeleton className="isra-page-wait" aria-label="Loading the page" />
        )}
      </div>
      {picture && (
        <figcaption className="isra-quiet">
          <span>{picture.found ? "The marked words are the ones quoted." : "The words could not be marked on this page; compare the quote yourself."}</span>
          <span className="isra-page-tools">
            <Button size="icon" variant="ghost" aria-label={large ? "Fit the page" : "Enlarge the page"} onClick={() => setLarge(!large)}>
              {large ? <ZoomOut /> : <ZoomIn />}
            </Button>
            <Button size="icon" variant="ghost" asChild>
              <a href={picture.address} target="_blank" rel="noreferrer" aria-label="Open the page in a new tab"><ExternalLink /></a>
            </Button>
          </span>
        </figcaption>
      )}
    </figure>
  );
}

function Facts({ facts }) {
  if (!facts.length) return null;
  return (
    <dl className="isra-facts">
      {facts.map((fact) => (
        <div key={fact.name}>
          <dt>{fact.name}</dt>
          <dd>{fact.value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Evidence({ panel, say }) {
  const [index, setIndex] = useState(panel.index);
  const top = useRef(null);
  const items = panel.items;

  useEffect(() => {
    setIndex(panel.index);
    top.current?.focus({ preventScroll: true });
  }, [panel.opened]);

  const source = items[Math.min(index, items.length - 1)];
  if (!source) return <p>There is no source to show.</p>;
  const go = (step) => setIndex((old) => Math.min(items.length - 1, Math.max(0, old + step)));
  const onKey = (event) => {
    if (event.key === "ArrowRight") go(1);
    if (event.key === "ArrowLeft") go(-1);
  };
  const printed = source.label && source.label !== String(source.page) ? ` (printed ${source.label})` : "";
  return (
    <section className="isra-evidence" id="evidence" ref={top} tabIndex={-1} aria-label="Evidence" onKeyDown={onKey}>
      <nav className="isra-evidence-nav" aria-label="Citations">
        <Button id="evidence-previous" size="sm" variant="outline" disabled={index === 0} onClick={() => go(-1)}>
          <ChevronLeft aria-hidden="true" /> Previous
        </Button>
        <span className="isra-quiet isra-evidence-where" aria-live="polite">
          {source.mark ? <b>[{source.mark}]</b> : null} {source.parts > 1 && `source ${source.part} of ${source.parts} · `}
          {index + 1} of {items.length}
        </span>
        <Button id="evidence-next" size="sm" variant="outline" disabled={index >= items.length - 1} onClick={() => go(1)}>
          Next <ChevronRight aria-hidden="true" />
        </Button>
      </nav>
      <header>
        <p className="isra-evidence-place" data-page={source.page}>
          <strong>{source.company}</strong>, {source.title}, page {source.page}{printed}
          {source.pages ? <span className="isra-quiet"> of {source.pages}</span> : null}
        </p>
        <p className="isra-tags">
          <Trust trust={source.trust} />
          {source.fictional && <span className="isra-tag isra-tag-fictional">fictional sample</span>}
        </p>
      </header>
      {source.said !== source.quote && <p className="isra-said">{source.said}</p>}
      <blockquote className="isra-quote">{source.quote}</blockquote>
      {source.trust === "candidate" && (
        <p className="isra-note">Found, but nothing else in the report confirms how it was read. Check it on the page.</p>
      )}
      <PagePicture analysisId={panel.analysis_id} source={source} />
      <Facts facts={source.facts} />
      {source.explain && (
        <Button id="evidence-explain" variant="outline" size="sm" onClick={() => say(source.explain)}>
          <MessageCircleQuestion aria-hidden="true" /> Explain this figure
        </Button>
      )}
    </section>
  );
}

const Kept = keep("Evidence", Evidence);
export default <Kept panel={props} say={sendUserMessage} />;
