export { connectAdapter, type ConnectedAdapter } from './connect-adapter';
export { describeAdapter, type AdapterCase, type AdapterCases } from './describe-adapter';
export { describeRenting, type RentingCases } from './describe-renting';
export { routes, StubCloud, type StubAnswer, type StubHandler, type StubRequest } from './stub-cloud';
