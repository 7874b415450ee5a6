/** CVSS 2.0, 3.0, 3.1 and 4.0: vectors, their faults and their scores; the rubric for medical devices. */
export {
  applyRubric,
  type Impact,
  type RubricAnswer,
  type RubricQuestion,
  type RubricResult,
  rubricData,
  rubricQuestions,
} from './medical-rubric.ts';
export { type CvssScore, type Rating, ratingOf, ratings, scoreCvss } from './score.ts';
export { type CvssFault, type CvssReading, type CvssVector, printCvss, readCvss } from './vector.ts';
export { type CvssVersion, cvssVersions } from './versions.ts';
