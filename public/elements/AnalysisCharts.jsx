import { useEffect, useState } from "react";
import { useSetRecoilState } from "recoil";
import { elementState } from "@chainlit/react-client";
import { Tabs, TabsContent, TabsList, TabsTrigger } from "@/components/ui/tabs";

const { keep, loadView, openEvidence } = window.isra;
const STATES = { verified: "verified", candidate: "candidate", not_disclosed: "not disclosed", not_found: "not found", unreadable: "unreadable" };
const SIGNS = { verified: "●", candidate: "◐", not_disclosed: "–", not_found: "", unreadable: "?" };

const short = (value) => value.toLocaleString("en-US", { maximumSignificantDigits: 3 });

function Bars({ chart, open }) {
  const order = chart.groups.flatMap((group) => group.bars.map((bar) => bar.source));
  return (
    <figure className="isra-chart">
      <figcaption>{chart.title} <span className="isra-quiet">{chart.unit}</span></figcaption>
      {chart.groups.map((group) => (
        <div key={group.company} className="isra-bars">
          <span className="isra-bars-name">{group.company}</span>
          <div>
            {group.bars.map((bar) => (
              <button
                key={bar.year}
                type="button"
                className={`isra-bar isra-bar-${bar.trust}`}
                aria-label={`${group.company}, ${bar.year}: ${short(bar.value)} ${chart.unit}, ${bar.trust}. Open the page.`}
                onClick={() => open(bar.source, order)}
              >
                <span className="isra-quiet">{bar.year}</span>
                <span className="isra-bar-track"><i style={{ width: `${Math.max(0.5, (100 * bar.value) / chart.max)}%` }} /></span>
                <b>{short(bar.value)}</b>
              </button>
            ))}
          </div>
        </div>
      ))}
    </figure>
  );
}

// Points of nearly the same year would cover each other: each goes into the first free lane.
function lanes(points, years) {
  const ends = [];
  return [...points]
    .sort((a, b) => a.year - b.year)
    .map((point) => {
      const width = (years * (point.label.length * 1.15 + 3)) / 100;
      let lane = ends.findIndex((end) => end < point.year);
      if (lane < 0) lane = ends.length;
      ends[lane] = point.year + width;
      return { ...point, lane };
    });
}

function Timeline({ rows, open }) {
  const order = rows.flatMap((row) => row.points.map((point) => point.source));
  const years = rows.flatMap((row) => row.points.map((point) => point.year));
  const from = Math.min(...years, new Date().getFullYear());
  const to = Math.max(...years, from + 1);
  const at = (year) => `${4 + (92 * (year - from)) / (to - from)}%`;
  const laid = rows.map((row) => ({ ...row, lanes: lanes(row.points, to - from) }));
  const ticks = [...new Set([from, ...years, to])]
    .sort((a, b) => a - b)
    .filter((year, index, all) => !index || (year - all[index - 1]) / (to - from) > 0.045);
  return (
    <figure className="isra-chart">
      <figcaption>Targets by the year they are due</figcaption>
      {laid.map((row) => (
        <div key={row.company} className="isra-bars">
          <span className="isra-bars-name">{row.company}</span>
          <div className="isra-line" style={{ height: `${1.9 * (1 + Math.max(...row.lanes.map((point) => point.lane)))}rem` }}>
            {row.lanes.map((point, index) => (
              <button
                key={index}
                type="button"
                className={`isra-point isra-point-${point.kind}`}
                style={{ left: at(point.year), top: `${0.95 + 1.9 * point.lane}rem` }}
                aria-label={`${row.company}: ${point.kind.replaceAll("_", " ")} ${point.label} by ${point.year}. Open the page.`}
                title={`${point.kind.replaceAll("_", " ")} ${point.label} by ${point.year}`}
                onClick={() => open(point.source, order)}
              >
                {point.label || "●"}
              </button>
            ))}
          </div>
        </div>
      ))}
      <div className="isra-bars" aria-hidden="true">
        <span />
        <div className="isra-ticks">{ticks.map((year) => <span key={year} style={{ left: at(year) }}>{year}</span>)}</div>
      </div>
    </figure>
  );
}

function Coverage({ coverage, open }) {
  const order = coverage.rows.flatMap((row) => row.squares.map((square) => square.source).filter((source) => source != null));
  return (
    <div className="isra-table-frame" tabIndex={0} role="region" aria-label="Coverage, scrolls sideways">
      <table className="isra-table isra-coverage">
        <thead>
          <tr><th scope="col">Company</th>{coverage.kpis.map((kpi) => <th key={kpi} scope="col">{kpi}</th>)}</tr>
        </thead>
        <tbody>
          {coverage.rows.map((row) => (
            <tr key={row.company}>
              <th scope="row">{row.company}</th>
              {row.squares.map((square, index) => (
                <td key={index}>
                  {square.source != null ? (
                    <button type="button" className={`isra-square isra-square-${square.state}`} aria-label={`${row.company}, ${coverage.kpis[index]}: ${STATES[square.state]}. Open the page.`} onClick={() => open(square.source, order)}>
                      {SIGNS[square.state]}
                    </button>
                  ) : (
                    <span className={`isra-square isra-square-${square.state}`} role="img" aria-label={STATES[square.state]} title={STATES[square.state]}>{SIGNS[square.state]}</span>
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p className="isra-legend isra-quiet isra-legend-inside">● verified, ◐ candidate, – the report says it is not disclosed, ? unreadable, empty: not found</p>
    </div>
  );
}

function AnalysisCharts({ card }) {
  const setElements = useSetRecoilState(elementState);
  const [view, setView] = useState(null);
  useEffect(() => {
    // The result element above tells when the view cannot be loaded; once is enough.
    loadView(card.analysis_id).then(setView, () => setView(null));
  }, [card.analysis_id]);
  if (!view) return null;

  const open = (source, order) => {
    const list = [...new Set(order)];
    openEvidence(setElements, card.analysis_id, list.map((index) => view.sources[index]), list.indexOf(source));
  };
  const { emissions, targets, coverage } = view.charts;
  const tabs = [
    emissions.length > 0 && ["emissions", "Emissions", <div key="e">{emissions.map((chart) => <Bars key={chart.title} chart={chart} open={open} />)}</div>],
    targets.length > 0 && ["targets", "Targets", <Timeline key="t" rows={targets} open={open} />],
    coverage.kpis.length > 0 && ["coverage", "Coverage", <Coverage key="c" coverage={coverage} open={open} />],
  ].filter(Boolean);
  if (!tabs.length) return null;
  return (
    <section className="isra-result" id="analysis-charts" aria-label={`Charts: ${card.industry}`}>
      <Tabs defaultValue={tabs[0][0]}>
        <TabsList className="isra-tabs">
          {tabs.map(([key, words]) => <TabsTrigger key={key} value={key}>{words}</TabsTrigger>)}
        </TabsList>
        {tabs.map(([key, , body]) => <TabsContent key={key} value={key}>{body}</TabsContent>)}
      </Tabs>
    </section>
  );
}

const Kept = keep("AnalysisCharts", AnalysisCharts);
export default <Kept card={props} />;
