export { ApiProblem } from './api-problem';
export { ApiQuestion, ApiSignedIn, BODY_PROBLEMS } from './api-question';
