import { CloseButton } from '@mantine/core';
import { type ReactNode, useEffect, useId, useRef } from 'react';
import './panel.css';

/** Evidence beside the page: takes the focus when it opens, gives it back and closes on Escape. */
export function SidePanel(props: {
  title: ReactNode;
  subject: string;
  onClose: () => void;
  children: ReactNode;
}) {
  const { onClose, subject } = props;
  const panel = useRef<HTMLElement>(null);
  const id = useId();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another subject is read from its top
  useEffect(() => {
    panel.current?.scrollTo(0, 0);
  }, [subject]);
  useEffect(() => {
    const before = document.activeElement;
    panel.current?.focus({ preventScroll: true });
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !event.defaultPrevented && !document.querySelector('[role=dialog]'))
        onClose();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [onClose]);
  return (
    <section ref={panel} className="panel" aria-labelledby={id} tabIndex={-1}>
      <header className="panel-head">
        <h2 id={id}>{props.title}</h2>
        <CloseButton aria-label="Close the panel" onClick={onClose} />
      </header>
      <div className="panel-body stack">{props.children}</div>
    </section>
  );
}
