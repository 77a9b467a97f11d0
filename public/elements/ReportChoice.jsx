import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Check, ExternalLink, Upload } from "lucide-react";

const { keep, count } = window.isra;

function Document({ choice, group, chosen, open, choose }) {
  const facts = [choice.host, choice.file, choice.year, choice.official && "the company's own site"];
  return (
    <li className="isra-document">
      <label>
        <input type="radio" name={group} value={choice.url} checked={chosen === choice.url} disabled={!open} onChange={() => choose(choice.url)} />
        <span>
          <strong>{choice.title || choice.url}</strong>
          <span className="isra-quiet isra-document-facts">{facts.filter(Boolean).join(" · ")}</span>
          {choice.reasons?.length > 0 && <span className="isra-document-why">{choice.reasons.join(", ")}</span>}
          {choice.warnings?.map((warning) => <span key={warning} className="isra-document-why isra-warn-text">{warning}</span>)}
        </span>
      </label>
      <a href={choice.url} target="_blank" rel="noreferrer noopener" aria-label={`Open ${choice.title || choice.url} in a new tab`}>
        <ExternalLink aria-hidden="true" />
      </a>
    </li>
  );
}

function Company({ row, group, chosen, open, choose }) {
  return (
    <fieldset className="isra-choice" data-company={row.name}>
      <legend>{row.name}</legend>
      <ul>
        {row.choices.map((choice) => (
          <Document key={choice.url} choice={choice} group={group} chosen={chosen} open={open} choose={choose} />
        ))}
        <li className="isra-document">
          <label>
            <input type="radio" name={group} value="" checked={!chosen} disabled={!open} onChange={() => choose("")} />
            <span>None of these</span>
          </label>
        </li>
      </ul>
    </fieldset>
  );
}

function ReportChoice({ card, call }) {
  const [chosen, setChosen] = useState({});
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const open = !busy;

  if (card.state !== "open") {
    const taken = card.companies.filter((row) => card.chosen[row.id]);
    return (
      <section className="isra-card" data-state={card.state} aria-label="Choice of reports">
        <p className="isra-confirmed">
          <Check aria-hidden="true" /> {taken.length ? count(taken.length, "report chosen", "reports chosen") : "Went on with the PDF you added."}
        </p>
        {taken.map((row) => (
          <p key={row.id} className="isra-quiet">{row.name}: {row.choices.find((choice) => choice.url === card.chosen[row.id])?.title}</p>
        ))}
      </section>
    );
  }
  const picked = Object.fromEntries(Object.entries(chosen).filter(([, url]) => url));
  const number = Object.keys(picked).length;
  const send = async () => {
    setBusy(true);
    setProblem("");
    const payload = { analysis_id: card.analysis_id, chosen: picked };
    const answer = await call({ name: "choose_reports", payload }).catch(() => null);
    if (answer?.response?.ok) return;
    setBusy(false);
    setProblem(answer?.response?.what || "The server did not answer. Try again.");
  };
  return (
    <section className="isra-card" id="report-choice" aria-label="Choose the reports">
      {card.companies.map((row) => (
        <Company
          key={row.id}
          row={row}
          group={`choice-${card.analysis_id}-${row.id}`}
          chosen={chosen[row.id] || ""}
          open={open}
          choose={(url) => setChosen({ ...chosen, [row.id]: url })}
        />
      ))}
      <p className="isra-quiet">The document you choose is fetched and read; the other companies stay as they are.</p>
      {problem && <p role="alert" className="isra-problem">{problem}</p>}
      <div className="isra-actions">
        <Button id="choice-confirm" disabled={!open || !number} onClick={send}>
          {busy ? "Starting…" : number ? `Go on with ${count(number, "report", "reports")}` : "Choose a report"}
        </Button>
        <Button id="choice-upload" variant="outline" disabled={!open} onClick={() => document.querySelector("#upload-button")?.click()}>
          <Upload aria-hidden="true" /> Upload the PDF instead
        </Button>
      </div>
    </section>
  );
}

const Kept = keep("ReportChoice", ReportChoice);
export default <Kept card={props} call={callAction} />;
