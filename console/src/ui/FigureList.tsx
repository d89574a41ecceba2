/** Figures side by side, each under its name. */
export function FigureList({ figures }: { figures: [label: string, value: string][] }) {
  return (
    <dl className="figures">
      {figures.map(([label, value]) => (
        <div key={label} className="figure">
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
