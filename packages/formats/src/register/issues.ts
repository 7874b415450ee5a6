import type { RegisterIssue } from '@wardline/model';
import { ISSUES_LISTED } from '../limits.ts';

/** Collects issues up to {@link ISSUES_LISTED}; the rest is counted and said in one last issue. */
export class IssueList {
  readonly #issues: RegisterIssue[] = [];
  #unlisted = 0;

  error(row: number, column: string | null, message: string): void {
    this.#add({ row, column, severity: 'error', message });
  }

  warning(row: number, column: string | null, message: string): void {
    this.#add({ row, column, severity: 'warning', message });
  }

  /** In order of rows. */
  list(): RegisterIssue[] {
    const sorted = this.#issues.toSorted((a, b) => a.row - b.row);
    if (this.#unlisted === 0) return sorted;
    const message = `${this.#unlisted} more issues are not listed`;
    return [...sorted, { row: sorted.at(-1)?.row ?? 1, column: null, severity: 'warning', message }];
  }

  #add(issue: RegisterIssue): void {
    if (this.#issues.length < ISSUES_LISTED) this.#issues.push(issue);
    else this.#unlisted++;
  }
}
