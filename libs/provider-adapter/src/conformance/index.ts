export { connectAdapter, type ConnectedAdapter } from './connect-adapter';
export { describeAdapter, type AdapterCase, type AdapterCases } from './describe-adapter';
export { StubCloud, type StubAnswer, type StubHandler, type StubRequest } from './stub-cloud';
