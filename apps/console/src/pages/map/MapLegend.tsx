const lines = [
  ['protected', 'Protected'],
  ['clear', 'In clear'],
  ['outdated', 'Outdated protection'],
  ['unknown', 'Unknown'],
] as const;

/** What the marks of the picture mean. */
export function MapLegend({ outside }: { outside: boolean }) {
  return (
    <ul className="plain-list map-legend" aria-label="Legend">
      <li>
        <span className="map-dot map-dot-life" aria-hidden /> Life-critical
      </li>
      <li>
        <span className="map-dot" aria-hidden /> Other asset
      </li>
      {outside && (
        <li>
          <span className="map-dot map-dot-outside" aria-hidden /> Beyond your role
        </li>
      )}
      {lines.map(([look, label]) => (
        <li key={look}>
          <svg width="32" height="8" aria-hidden="true">
            <line
              x1="0"
              y1="4"
              x2="32"
              y2="4"
              className={`line-${look}`}
              strokeWidth={look === 'protected' ? 3 : 2}
            />
          </svg>
          {label}
        </li>
      ))}
    </ul>
  );
}
