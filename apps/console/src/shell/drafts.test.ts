import { expect, it } from 'vitest';
import { draftOf, forgetDrafts, forgetEveryDraft, hasDrafts, keepDraft, keepDraftsOf } from './drafts.ts';

it('keeps what a person typed, for that person alone, until the form is sent', () => {
  keepDraftsOf('person:1');
  keepDraft('Add a person', 'name', 'Anna');
  keepDraft('Add a person and more', 'name', 'another form');
  keepDraftsOf('person:1');
  expect(draftOf('Add a person', 'name', '')).toBe('Anna');
  expect(draftOf('Add a person', 'email', 'none')).toBe('none');
  forgetDrafts('Add a person');
  expect(draftOf('Add a person', 'name', '')).toBe('');
  expect(draftOf('Add a person and more', 'name', '')).toBe('another form');
  keepDraftsOf('person:2');
  expect(hasDrafts()).toBe(false);
  keepDraft('Add a person', 'name', 'Ben');
  forgetEveryDraft();
  expect(hasDrafts()).toBe(false);
});
