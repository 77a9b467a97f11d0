import { useEffect, useRef, useState } from "react";
import { useSetRecoilState } from "recoil";
import { elementState } from "@chainlit/react-client";
import { Tabs, TabsContent, TabsList, TabsTrigger } from "@/components/ui/tabs";
import { DropdownMenu, DropdownMenuContent, DropdownMenuItem, DropdownMenuTrigger } from "@/components/ui/dropdown-menu";
import { Tooltip, TooltipContent, TooltipProvider, TooltipTrigger } from "@/components/ui/tooltip";
import { Skeleton } from "@/components/ui/skeleton";
import { AlertTriangle, ArrowDown, ArrowUp, ArrowUpDown, ChevronDown, Download, FileText, Flag } from "lucide-react";

const { keep, loadView, openEvidence, openOnCitation, citedSources, count } = window.isra;
const FICTIONAL = <span className="isra-tag isra-tag-fictional">fictional</span>;

function Hint({ words, children }) {
  return (
    <Tooltip>
      <TooltipTrigger asChild>{children}</TooltipTrigger>
      <TooltipContent className="isra-hint">{words}</TooltipContent>
    </Tooltip>
  );
}

function SourceMark({ view, sources, open, label }) {
  if (!sources.length) return null;
  const first = view.sources[sources[0]];
  const more = sources.length > 1 ? ` and ${sources.length - 1} more` : "";
  return (
    <button
      type="button"
      className={`isra-cite isra-cite-${first.trust}`}
      aria-label={`Open page ${first.page} of ${first.company}${more}, ${first.trust}`}
      onClick={() => open(sources[0], label)}
    >
      p. {first.page}
      {more && "+"}
    </button>
  );
}

function bySort(rows, sort) {
  const key = (row) => (sort.column < 0 ? row.company.toLowerCase() : row.cells[sort.column]?.value);
  return [...rows].sort((a, b) => {
    const [left, right] = [key(a), key(b)];
    if (left == null || right == null) return (left == null) - (right == null);
    return (left > right ? 1 : left < right ? -1 : 0) * sort.direction;
  });
}

function Heading({ column, index, sort, setSort, children }) {
  const active = sort.column === index;
  const Icon = !active ? ArrowUpDown : sort.direction > 0 ? ArrowUp : ArrowDown;
  return (
    <th scope="col" aria-sort={active ? (sort.direction > 0 ? "ascending" : "descending") : "none"}>
      <button type="button" onClick={() => setSort({ column: index, direction: active ? -sort.direction : 1 })}>
        {children} <Icon aria-hidden="true" />
      </button>
      {column && (
        <span className="isra-quiet">{[column.unit, column.year, column.basis && !column.title.includes(column.basis) && `${column.basis}-based`].filter(Boolean).join(" · ")}</span>
      )}
    </th>
  );
}

function TableCell({ cell, column, company, open, order }) {
  if (cell.source == null) {
    return <td className="isra-quiet isra-silent">{cell.silence || "–"}</td>;
  }
  const notes = [...cell.flags];
  if (cell.trust === "candidate") notes.push("candidate: not confirmed elsewhere in the report");
  if (!cell.comparable) notes.push("not comparable, left out of median and range");
  if (column.year && cell.year && cell.year !== column.year) notes.push(`fiscal year ${cell.year}`);
  return (
    <td className={cell.comparable ? "" : "isra-apart"}>
      <button
        type="button"
        className={`isra-figure isra-figure-${cell.trust}`}
        aria-label={`${company}, ${column.title}: ${cell.shown}. Open the page.${notes.length ? ` Note: ${notes.join("; ")}.` : ""}`}
        onClick={() => open(cell.source, order)}
      >
        {cell.shown}
      </button>
      {cell.trend != null && (
        <span className="isra-quiet isra-trend">{cell.trend > 0 ? "+" : "−"}{Math.abs(cell.trend).toFixed(1)} %</span>
      )}
      {notes.length > 0 && (
        <Hint words={notes.join("; ")}>
          <button type="button" className="isra-flag" aria-label={`Note: ${notes.join("; ")}`}><Flag aria-hidden="true" /></button>
        </Hint>
      )}
    </td>
  );
}

const number = (value) => (value == null ? "–" : value.toLocaleString("en-US", { maximumSignificantDigits: 4 }));

function Comparison({ view, open }) {
  const [sort, setSort] = useState({ column: -1, direction: 1 });
  const { columns, notes, contradictions } = view.table;
  if (!columns.length) return <p className="isra-quiet">No figure was found in two reports that could be laid side by side.</p>;
  const rows = bySort(view.table.rows, sort);
  const order = rows.flatMap((row) => row.cells.map((cell) => cell.source).filter((source) => source != null));
  return (
    <>
      <div className="isra-table-frame" tabIndex={0} role="region" aria-label="Comparison table, scrolls sideways">
        <table className="isra-table" id="comparison-table">
          <thead>
            <tr>
              <Heading index={-1} sort={sort} setSort={setSort}>Company</Heading>
              {columns.map((column, index) => (
                <Heading key={`${column.kpi}-${column.basis}`} column={column} index={index} sort={sort} setSort={setSort}>{column.title}</Heading>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.company_id}>
                <th scope="row">{row.company} {row.fictional && FICTIONAL}</th>
                {row.cells.map((cell, index) => (
                  <TableCell key={index} cell={cell} column={columns[index]} company={row.company} open={open} order={order} />
                ))}
              </tr>
            ))}
          </tbody>
          <tfoot>
            {[["Median", (c) => number(c.median)], ["Range", (c) => (c.low == null ? "–" : `${number(c.low)} – ${number(c.high)}`)]].map(([name, value]) => (
              <tr key={name}>
                <th scope="row">{name} <span className="isra-quiet">comparable only</span></th>
                {columns.map((column, index) => <td key={index}>{value(column)}</td>)}
              </tr>
            ))}
          </tfoot>
        </table>
      </div>
      <p className="isra-legend isra-quiet">
        <span className="isra-figure isra-figure-verified">123</span> verified
        <span className="isra-figure isra-figure-candidate">123</span> candidate, check it
        <Flag aria-hidden="true" /> has a note. Every figure opens its page.
      </p>
      {[...contradictions, ...notes].map((note) => <p key={note} className="isra-note">{note}</p>)}
    </>
  );
}

function ReportLine({ report }) {
  if (!report) return null;
  return (
    <p className="isra-quiet isra-report-known">
      <FileText aria-hidden="true" /> {report.file}: {report.kind} {report.year || ""}, {report.pages} pages
      {report.identity && `, identity ${report.identity === "match" ? "confirmed" : report.identity}`}
      {report.unreadable_pages.length > 0 && `; unreadable: page ${report.unreadable_pages.join(", ")}`}
    </p>
  );
}

function byTopic(claims) {
  const groups = new Map();
  for (const claim of claims) groups.set(claim.topic, [...(groups.get(claim.topic) || []), claim]);
  return [...groups];
}

function Company({ company, view, open, single }) {
  const [shown, setShown] = useState(single);
  const order = [...company.claims.flatMap((claim) => claim.sources), ...company.targets.map((t) => t.source), ...company.figures.map((f) => f.source)];
  const done = company.status === "done";
  return (
    <article className="isra-card isra-company-card" data-company={company.name}>
      <button type="button" className="isra-company-head" aria-expanded={shown} disabled={!done} onClick={() => setShown(!shown)}>
        <strong>{company.name}</strong> {company.fictional && FICTIONAL}
        {done ? (
          <span className="isra-quiet">{count(company.claims.length, "statement", "statements")}, {count(company.figures.length, "figure", "figures")}, {count(company.targets.length, "target", "targets")}</span>
        ) : (
          <span className="isra-warn-text"><AlertTriangle aria-hidden="true" /> {company.reason}</span>
        )}
        {done && <ChevronDown className={shown ? "isra-turned" : ""} aria-hidden="true" />}
      </button>
      {done && shown && (
        <div className="isra-company-body">
          <ReportLine report={company.report} />
          {byTopic(company.claims).map(([topic, claims]) => (
            <div key={topic}>
              {topic && <h3 className="isra-topic">{topic}</h3>}
              <ul className="isra-claims">
                {claims.map((claim, index) => (
                  <li key={index}>{claim.text} <SourceMark view={view} sources={claim.sources} open={open} label={order} /></li>
                ))}
              </ul>
            </div>
          ))}
          {company.targets.length > 0 && <h3>Targets</h3>}
          <ul className="isra-claims">
            {company.targets.map((target, index) => (
              <li key={index}>
                {target.words} <SourceMark view={view} sources={[target.source]} open={open} label={order} />
                {target.registers && <span className={`isra-tag isra-tag-register-${company.target_checks[0].status.replace(" ", "-")}`}>{target.registers}</span>}
              </li>
            ))}
          </ul>
          {company.target_checks.map((check) => (
            <p key={check.words} className="isra-note">{check.words}{check.matched_by && ` Matched by ${check.matched_by}.`}</p>
          ))}
          {company.figures.length > 0 && <h3>Figures</h3>}
          <div className="isra-figures">
            {company.figures.map((figure, index) => (
              <button key={index} type="button" className={`isra-figure-row isra-figure-row-${figure.trust}`} onClick={() => open(figure.source, order)}>
                <span>{figure.title}</span>
                <span className="isra-quiet">{figure.year}</span>
                <b>{figure.shown}</b>
              </button>
            ))}
          </div>
          {company.not_found_topics.length > 0 && <p className="isra-note">Nothing found on: {company.not_found_topics.join(", ")}.</p>}
          {company.warnings.map((warning) => <p key={warning} className="isra-note">{warning}</p>)}
        </div>
      )}
    </article>
  );
}

const MEANING = {
  not_disclosed: "The report itself says that it does not give this figure.",
  not_found: "We looked and did not find it. It may still be there.",
  unreadable: "It may stand on a page whose text could not be read.",
};

function byCompany(items) {
  const groups = new Map();
  for (const item of items) groups.set(item.company, [...(groups.get(item.company) || []), item]);
  return [...groups];
}

function Missing({ view, open }) {
  const order = view.missing.flatMap((group) => group.items.map((item) => item.source).filter((source) => source != null));
  return view.missing.map((group) => (
    <section key={group.kind} className="isra-missing" data-kind={group.kind}>
      <h3>{group.words.charAt(0).toUpperCase() + group.words.slice(1)} <span className="isra-quiet">{group.items.length}</span></h3>
      <p className="isra-quiet">{MEANING[group.kind]}</p>
      <dl className="isra-silences">
        {byCompany(group.items).map(([company, items]) => (
          <div key={company}>
            <dt>{company}</dt>
            <dd>
              {items.map((item, index) => (
                <span key={index} className="isra-silence" title={item.note || undefined}>
                  {item.title}
                  {item.source != null && <> <SourceMark view={view} sources={[item.source]} open={open} label={order} /></>}
                </span>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  ));
}

function About({ view }) {
  return (
    <>
      <dl className="isra-facts">
        {view.facts.map((fact) => (
          <div key={fact.name}><dt>{fact.name}</dt><dd>{fact.value}</dd></div>
        ))}
      </dl>
      <p className="isra-note">
        {view.generated_by === "extractive"
          ? "Sentences and figures were selected from the reports by rules, without a language model."
          : `The text was written by a language model (${view.generated_by}); every sentence shown was checked against its page.`}{" "}
        Reports can be wrong and so can their reading: open the page before you rely on a figure.
      </p>
    </>
  );
}

const FORMS = [
  ["pdf", "PDF"],
  ["docx", "Word"],
  ["xlsx", "Excel"],
  ["md", "Markdown"],
  ["json", "JSON bundle"],
];

function Exports({ analysisId }) {
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <button type="button" id="export-menu" className="isra-download"><Download aria-hidden="true" /> Export</button>
      </DropdownMenuTrigger>
      <DropdownMenuContent align="end">
        {FORMS.map(([form, words]) => (
          <DropdownMenuItem key={form} asChild>
            <a href={`/analyses/${analysisId}/export.${form}`} data-form={form} download>{words}</a>
          </DropdownMenuItem>
        ))}
      </DropdownMenuContent>
    </DropdownMenu>
  );
}

function AnalysisResult({ card }) {
  const root = useRef(null);
  const setElements = useSetRecoilState(elementState);
  const [view, setView] = useState(null);
  const [problem, setProblem] = useState("");

  useEffect(() => {
    loadView(card.analysis_id).then(setView, (error) => setProblem(error.message));
  }, [card.analysis_id]);

  // `order` is what previous and next walk through: indexes of sources, each once.
  const open = (source, order) => {
    const list = [...new Set(order || [source])];
    openEvidence(setElements, card.analysis_id, list.map((index) => view.sources[index]), list.indexOf(source));
  };
  useEffect(() => {
    if (!view) return undefined;
    const items = citedSources(view.citations, view.sources);
    return openOnCitation(root.current, setElements, card.analysis_id, items);
  }, [view]);

  const failed = view ? view.companies.filter((company) => company.status !== "done").length : 0;
  const missing = view ? view.missing.reduce((sum, group) => sum + group.items.length, 0) : 0;
  return (
    <section className="isra-result" id="analysis-result" data-analysis={card.analysis_id} ref={root} aria-label={`Result: ${card.industry}`}>
      {problem && <p role="alert" className="isra-problem">{problem}</p>}
      {!view && !problem && <Skeleton className="isra-result-wait" aria-label="Loading the result" />}
      {view && (
        <TooltipProvider delayDuration={150}>
          {view.fictional && <p className="isra-banner">Sample library: these companies and their reports are fictional.</p>}
          <Tabs defaultValue={view.table.columns.length ? "comparison" : "companies"}>
            <div className="isra-result-head">
              <TabsList className="isra-tabs">
                <TabsTrigger value="comparison">Comparison</TabsTrigger>
                <TabsTrigger value="companies">Companies{failed > 0 && <span className="isra-count isra-warn-text">{failed}</span>}</TabsTrigger>
                <TabsTrigger value="missing">Not found<span className="isra-count">{missing}</span></TabsTrigger>
                <TabsTrigger value="about">About</TabsTrigger>
              </TabsList>
              <Exports analysisId={card.analysis_id} />
            </div>
            <TabsContent value="comparison"><Comparison view={view} open={open} /></TabsContent>
            <TabsContent value="companies">
              {view.companies.map((company) => (
                <Company key={company.id} company={company} view={view} open={open} single={view.companies.length === 1} />
              ))}
            </TabsContent>
            <TabsContent value="missing"><Missing view={view} open={open} /></TabsContent>
            <TabsContent value="about"><About view={view} /></TabsContent>
          </Tabs>
        </TooltipProvider>
      )}
    </section>
  );
}

const Kept = keep("AnalysisResult", AnalysisResult);
export default <Kept card={props} />;
