import { Unknown } from '../../marks/marks.tsx';
import { type Grade, grades, gradeWords } from './words.ts';

/** How hard the hardest step is: five steps that shrink, and a word. Easy ways to a life are marked as harm. */
export function GradeMark({ value }: { value: Grade | null }) {
  if (value === null) return <span className="dim">{gradeWords.none.word}</span>;
  if (value === 'undisclosed') return <Unknown word={gradeWords.undisclosed.word} />;
  const ease = grades.length - 1 - grades.indexOf(value);
  return (
    <span className={`severity${ease >= 2 ? ' severity-patient' : ''}`} title={gradeWords[value].means}>
      <span className="severity-steps" aria-hidden>
        {[1, 2, 3, 4].map((n) => (
          <i key={n} data-on={n <= ease} />
        ))}
      </span>
      {gradeWords[value].word}
    </span>
  );
}
