import { useEffect, useRef, useState } from "react";
import { AlertTriangle, Check, ChevronDown, Circle, Loader2 } from "lucide-react";

const { keep, count } = window.isra;
const PHASES = [
  ["companies", "Read reports"],
  ["comparing", "Compare"],
  ["writing", "Write and check"],
];
const ENDED = { done: "Finished", stopped: "Stopped", failed: "Not finished" };

function StateIcon({ state }) {
  if (state === "done") return <Check className="isra-good" aria-label="finished" />;
  if (state === "failed") return <AlertTriangle className="isra-warn" aria-label="no result" />;
  if (state === "running") return <Loader2 className="isra-spin" aria-label="working" />;
  return <Circle className="isra-quiet" aria-label="waiting" />;
}

function counts(row) {
  const parts = [];
  if (row.pages) {
    const of = row.total_pages && row.total_pages !== row.pages ? ` of ${row.total_pages}` : "";
    parts.push(`${row.pages}${of} pages`);
  }
  if (row.figures) parts.push(count(row.figures, "figure", "figures"));
  return parts.join(", ");
}

function fileOf(url) {
  const [, host, path] = /^https?:\/\/([^/]+)(.*)$/.exec(url) || [null, "", url];
  const file = path.split(/[?#]/)[0].split("/").pop();
  return file ? `${file} (${host})` : host;
}

function CompanyRow({ row, stages, ended }) {
  const stopped = ended && (row.state === "running" || row.state === "waiting");
  const failed = row.choices ? "Not sure of its report: choose a document below" : row.reason;
  const words = { done: "Finished", waiting: "Waiting", failed, running: row.stage }[row.state];
  return (
    <li className="isra-progress-row" data-company={row.name} data-state={row.state}>
      <StateIcon state={stopped ? "waiting" : row.state} />
      <span className="isra-progress-name">{row.name}</span>
      <span className="isra-steps" role="img" aria-label={`${row.step} of ${stages.length} steps`}>
        {stages.map((stage, index) => (
          <i
            key={stage}
            title={stage}
            className={index < row.step ? "isra-step-done" : index === row.step && row.state === "running" && !ended ? "isra-step-now" : ""}
          />
        ))}
      </span>
      <span className={`isra-progress-words ${row.state === "failed" ? "isra-warn-text" : "isra-quiet"}`}>
        {stopped ? "Not finished" : words}
        {counts(row) && <b>{counts(row)}</b>}
      </span>
      {row.refused?.length > 0 && (
        <ul className="isra-refused isra-quiet" aria-label={`Documents not taken for ${row.name}`}>
          {row.refused.map((one) => (
            <li key={one.url}><span title={one.url}>{fileOf(one.url)}</span> was not taken: {one.reason}</li>
          ))}
        </ul>
      )}
    </li>
  );
}

function Elapsed({ from, to }) {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    if (to) return undefined;
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [to]);
  const seconds = Math.max(0, Math.round(((to ? Date.parse(to) : now) - Date.parse(from)) / 1000));
  if (!Number.isFinite(seconds)) return null;
  return <span>{seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`}</span>;
}

function AnalysisProgress({ run }) {
  const ended = run.phase in ENDED;
  const [open, setOpen] = useState(!ended);
  const root = useRef(null);
  useEffect(() => {
    if (run.phase === "done") setOpen(false);
  }, [run.phase]);
  useEffect(() => {
    // Whoever comes back to a running analysis sees it at once.
    if (!ended) root.current?.scrollIntoView({ block: "center" });
  }, []);
  const at = PHASES.findIndex(([phase]) => phase === run.phase);
  const title = ENDED[run.phase] || PHASES[at]?.[1] || "Working";
  return (
    <section ref={root} className="isra-card isra-progress" id="analysis-progress" data-phase={run.phase} aria-label="Progress of the analysis">
      <button type="button" className="isra-progress-head" aria-expanded={open} onClick={() => setOpen(!open)}>
        <StateIcon state={ended ? (run.phase === "done" ? "done" : "failed") : "running"} />
        <strong aria-live="polite">{title}</strong>
        <span className="isra-quiet isra-progress-sum">
          {run.finished} of {run.companies.length} companies · {count(run.pages, "page", "pages")} ·{" "}
          {count(run.figures, "figure", "figures")} · {run.usage && `${run.usage} · `}
          <Elapsed from={run.started_at} to={run.ended_at} />
        </span>
        <ChevronDown className={open ? "isra-turned" : ""} aria-hidden="true" />
      </button>
      {!ended && (
        <ol className="isra-phases" aria-label="Phases">
          {PHASES.map(([phase, words], index) => (
            <li key={phase} className={index < at ? "isra-phase-done" : index === at ? "isra-phase-now" : ""} aria-current={index === at ? "step" : undefined}>
              {words}
            </li>
          ))}
        </ol>
      )}
      {open && (
        <ul className="isra-progress-rows">
          {run.companies.map((row) => (
            <CompanyRow key={row.id} row={row} stages={run.stages} ended={ended} />
          ))}
        </ul>
      )}
      {run.phase === "writing" && run.written?.length > 0 && (
        <ul className="isra-progress-written" aria-label="Written so far, each sentence checked">
          {run.written.map((sentence, index) => (
            <li key={index}>
              {sentence.text} <span className="isra-quiet">page {sentence.pages.join(", ")}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

const Kept = keep("AnalysisProgress", AnalysisProgress);
export default <Kept run={props} />;
