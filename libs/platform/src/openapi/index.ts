export { ApiProblem } from './api-problem';
export { ApiQuestion, ApiSignedIn } from './api-question';
