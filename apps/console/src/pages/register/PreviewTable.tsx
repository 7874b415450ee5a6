import type { RegisterPreview } from '../../api/types.ts';
import { count, counted } from '../../format/number.ts';
import './register.css';

const ROWS_SHOWN = 50;
const ISSUES_SHOWN = 200;

/** How the first lines would be read, and every doubt with its line and column. */
export function PreviewTable({ preview }: { preview: RegisterPreview }) {
  const { entries, issues } = preview;
  return (
    <section className="card stack" aria-labelledby="preview">
      <h2 id="preview">2. How it is read</h2>
      <Issues issues={issues} />
      <div className="scroll-x">
        <table className="plain-table">
          <thead>
            <tr>
              {[
                'Line',
                'Tag',
                'Vendor',
                'Model',
                'Serial number',
                'MAC',
                'IP',
                'Host name',
                'Location',
                'Doubts',
              ].map((head) => (
                <th key={head} scope="col">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {entries.slice(0, ROWS_SHOWN).map((entry) => (
              <tr key={entry.row}>
                <td>{entry.row}</td>
                <td>{entry.tag}</td>
                <td>{entry.vendor}</td>
                <td>{entry.model}</td>
                <td>{entry.serial}</td>
                <td className="mono">{entry.macs.join(' ')}</td>
                <td className="mono">{entry.ips.join(' ')}</td>
                <td>{entry.hostname}</td>
                <td>{entry.location}</td>
                <td>{issues.filter((issue) => issue.row === entry.row).length || ''}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {preview.rows > ROWS_SHOWN && (
        <p className="dim small">
          The first {ROWS_SHOWN} of {count(preview.rows)} lines.
        </p>
      )}
    </section>
  );
}

function Issues({ issues }: { issues: RegisterPreview['issues'] }) {
  if (issues.length === 0) return <p className="dim">Every line can be read without a doubt.</p>;
  const errors = issues.filter((issue) => issue.severity === 'error').length;
  return (
    <details open={errors > 0} className="issues">
      <summary>
        {counted(errors, 'error')}, {counted(issues.length - errors, 'warning')}
      </summary>
      <ul className="plain-list">
        {issues.slice(0, ISSUES_SHOWN).map((issue) => (
          <li key={`${issue.row}${issue.column}${issue.message}`}>
            <strong>
              Line {issue.row}
              {issue.column ? `, ${issue.column}` : ''}
            </strong>{' '}
            <span className={issue.severity === 'error' ? 'form-error' : 'dim'}>{issue.severity}</span>{' '}
            {issue.message}
          </li>
        ))}
      </ul>
    </details>
  );
}
