import { useEffect, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { Input } from "@/components/ui/input";
import { ArrowDown, ArrowUp, Check, FileText, Plus, Trash2 } from "lucide-react";

const { keep, count } = window.isra;
const SAVE_MS = 400;

function Company({ row, first, last, open, change, move, remove }) {
  const box = `company-${row.id}`;
  return (
    <li className={`isra-company ${row.selected ? "" : "isra-off"}`} data-company={row.name}>
      <Checkbox
        id={box}
        checked={row.selected}
        disabled={!open}
        onCheckedChange={(selected) => change({ ...row, selected: selected === true })}
        aria-describedby={`${box}-why`}
      />
      <div className="isra-company-text">
        <label htmlFor={box}>
          {row.name}
          {row.country && <span className="isra-quiet"> {row.country}</span>}
          {row.fictional && <span className="isra-tag isra-tag-fictional">fictional</span>}
        </label>
        <p id={`${box}-why`} className="isra-quiet">
          {row.reason}{" "}
          {row.report_known && (
            <span className="isra-report-known">
              <FileText aria-hidden="true" /> {row.report_known}
            </span>
          )}
        </p>
      </div>
      {open && (
        <div className="isra-company-tools">
          <Button size="icon" variant="ghost" disabled={first} aria-label={`Move ${row.name} up`} onClick={() => move(-1)}>
            <ArrowUp />
          </Button>
          <Button size="icon" variant="ghost" disabled={last} aria-label={`Move ${row.name} down`} onClick={() => move(1)}>
            <ArrowDown />
          </Button>
          <Button size="icon" variant="ghost" aria-label={`Remove ${row.name}`} onClick={remove}>
            <Trash2 />
          </Button>
        </div>
      )}
    </li>
  );
}

function Wishes({ card, open, propose }) {
  const [limit, setLimit] = useState(card.limit || 0);
  const [year, setYear] = useState(card.year || 0);
  const changed = limit !== (card.limit || 0) || year !== (card.year || 0);
  return (
    <form
      className="isra-wishes"
      onSubmit={(event) => {
        event.preventDefault();
        propose({ limit, year });
      }}
    >
      {card.limit > 0 && (
        <label>
          At most
          <Input id="review-limit" type="number" min={1} max={50} value={limit} disabled={!open} onChange={(event) => setLimit(Number(event.target.value))} />
          companies
        </label>
      )}
      <label>
        Fiscal year
        <select id="review-year" value={year} disabled={!open} onChange={(event) => setYear(Number(event.target.value))}>
          <option value={0}>Latest</option>
          {card.years.map((one) => <option key={one} value={one}>{one}</option>)}
        </select>
      </label>
      {changed && (
        <Button id="review-update" type="submit" size="sm" variant="outline" disabled={!open || (card.limit > 0 && !(limit >= 1 && limit <= 50))}>
          Update the list
        </Button>
      )}
    </form>
  );
}

function CompanyReview({ card, save, call }) {
  const [rows, setRows] = useState(card.companies);
  const [name, setName] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const edited = useRef(false);
  const open = card.state === "open" && !busy;

  useEffect(() => {
    if (card.state !== "open") setRows(card.companies);
  }, [card.state]);

  useEffect(() => {
    if (!edited.current || !open) return undefined;
    const timer = setTimeout(() => save({ ...card, companies: rows }), SAVE_MS);
    return () => clearTimeout(timer);
  }, [rows]);

  const edit = (next) => {
    edited.current = true;
    setProblem("");
    setRows(next);
  };
  const move = (index, step) => {
    const next = [...rows];
    [next[index], next[index + step]] = [next[index + step], next[index]];
    edit(next);
  };
  const add = () => {
    const wanted = name.trim();
    if (!wanted) return;
    if (rows.some((row) => row.name.toLowerCase() === wanted.toLowerCase())) {
      setProblem(`${wanted} is in the list already.`);
      return;
    }
    edit([...rows, { id: `added:${wanted}`, name: wanted, reason: "You added it.", selected: true }]);
    setName("");
  };
  const send = async (action, payload) => {
    setBusy(true);
    const answer = await call({ name: action, payload: { analysis_id: card.analysis_id, ...payload } }).catch(() => null);
    const result = answer?.response;
    if (result?.ok) return;
    setBusy(false);
    setProblem(result?.what || "The server did not answer. Try again.");
  };

  const chosen = rows.filter((row) => row.selected);
  if (card.state !== "open") {
    return (
      <section className="isra-card" aria-label="Companies of this analysis" data-state={card.state}>
        <p className="isra-confirmed" id="company-status">
          <Check aria-hidden="true" />
          {card.state === "confirmed" ? count(chosen.length, "company confirmed", "companies confirmed") : "This list is closed."}
        </p>
        {card.state === "confirmed" && <p className="isra-quiet">{chosen.map((row) => row.name).join(", ")}</p>}
      </section>
    );
  }
  return (
    <section className="isra-card" id="company-review" aria-label={`Companies proposed for ${card.industry}`}>
      {card.fictional && (
        <p className="isra-banner">Sample library: these companies and their reports are fictional.</p>
      )}
      {card.years && <Wishes card={card} open={open} propose={(wishes) => send("change_review", wishes)} />}
      <ul className="isra-companies">
        {rows.map((row, index) => (
          <Company
            key={row.id}
            row={row}
            open={open}
            first={index === 0}
            last={index === rows.length - 1}
            change={(next) => edit(rows.map((old) => (old.id === row.id ? next : old)))}
            move={(step) => move(index, step)}
            remove={() => edit(rows.filter((old) => old.id !== row.id))}
          />
        ))}
      </ul>
      <form
        className="isra-add"
        onSubmit={(event) => {
          event.preventDefault();
          add();
        }}
      >
        <Input
          id="company-add"
          value={name}
          disabled={!open}
          maxLength={200}
          placeholder="Add a company by name"
          aria-label="Add a company by name"
          onChange={(event) => setName(event.target.value)}
        />
        <Button id="company-add-button" type="submit" variant="outline" disabled={!open || !name.trim()}>
          <Plus aria-hidden="true" /> Add
        </Button>
      </form>
      {problem && <p role="alert" className="isra-problem">{problem}</p>}
      <div className="isra-actions">
        <Button id="company-confirm" disabled={!open || chosen.length === 0} onClick={() => send("confirm_companies", { companies: chosen })}>
          {busy ? "Starting…" : `Analyse ${count(chosen.length, "company", "companies")}`}
        </Button>
        <Button id="company-cancel" variant="ghost" disabled={!open} onClick={() => send("cancel_review", {})}>
          Give up
        </Button>
      </div>
    </section>
  );
}

const Kept = keep("CompanyReview", CompanyReview);
export default <Kept card={props} save={updateElement} call={callAction} />;
