import type { BootAppraisal } from '@wardline/model';
import { Unknown } from '../../marks/marks.tsx';
import { statusWords } from './words.ts';
import './boots.css';

export function BootMark({ status }: { status: BootAppraisal['status'] }) {
  return status === 'unknown' ? (
    <Unknown word={statusWords.unknown} />
  ) : (
    <span className={`mark boot-${status}`}>{statusWords[status]}</span>
  );
}
