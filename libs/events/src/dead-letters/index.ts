export { listDeadLetters, replayDeadLetters, type DeadLetterFilter, type ReplayResult } from './dead-letters';
