import type { Examined } from '@wardline/model';
import { useRef } from 'react';
import { counted } from '../../format/number.ts';

type Fault = Examined['diagnostics'][number];

interface EditorProps {
  text: string;
  onChange: ((text: string) => void) | null;
  diagnostics: readonly Fault[];
}

/** A text with its line numbers; each fault jumps to its place. Without `onChange` it is only read. */
export function PolicyEditor({ text, onChange, diagnostics }: EditorProps) {
  const area = useRef<HTMLTextAreaElement>(null);
  const gutter = useRef<HTMLPreElement>(null);
  const lines = text.split('\n');
  const faulty = new Map(diagnostics.map(({ line, severity }) => [line, severity]));
  const jump = ({ line, column, length }: Fault) => {
    const field = area.current;
    if (field === null || line === 0) return;
    const start = lines.slice(0, line - 1).join('\n').length + (line > 1 ? 1 : 0) + column - 1;
    field.focus();
    field.setSelectionRange(start, start + Math.max(1, length));
    field.scrollTop = Math.max(0, (line - 6) * LINE_PIXELS);
  };
  return (
    <div className="stack-tight">
      <div className="policy-editor">
        <pre ref={gutter} className="policy-gutter" aria-hidden>
          {lines.map((_, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a line is its number
            <span key={index} data-fault={faulty.get(index + 1)}>{`${index + 1}\n`}</span>
          ))}
        </pre>
        <textarea
          ref={area}
          aria-label="Text of the policy"
          className="policy-text"
          spellCheck={false}
          wrap="off"
          readOnly={onChange === null}
          value={text}
          onChange={(event) => onChange?.(event.currentTarget.value)}
          onScroll={(event) => gutter.current?.scrollTo({ top: event.currentTarget.scrollTop })}
        />
      </div>
      <Faults diagnostics={diagnostics} onJump={jump} />
    </div>
  );
}

/** As `segmentation.css` sets it. */
const LINE_PIXELS = 20;

function Faults({ diagnostics, onJump }: { diagnostics: readonly Fault[]; onJump: (fault: Fault) => void }) {
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
  return (
    <section aria-live="polite" aria-label="Faults">
      <p className={errors > 0 ? 'form-error' : 'dim'}>
        {errors > 0 ? counted(errors, 'error') : 'No errors.'}
        {diagnostics.length > errors && ` ${counted(diagnostics.length - errors, 'warning')}.`}
      </p>
      <ul className="plain-list policy-faults">
        {diagnostics.map((fault) => (
          <li key={`${fault.line} ${fault.column} ${fault.message}`}>
            {fault.line > 0 ? (
              <button type="button" className="link-button" onClick={() => onJump(fault)}>
                Line {fault.line}
              </button>
            ) : (
              <span className="dim">The whole</span>
            )}{' '}
            {fault.severity}: {fault.message}
            {fault.suggestion !== null && `; did you mean ${fault.suggestion}?`}
          </li>
        ))}
      </ul>
    </section>
  );
}
