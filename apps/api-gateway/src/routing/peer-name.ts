/** The services behind the door. */
export type PeerName = 'auth' | 'providers' | 'kpi' | 'math-core' | 'ai-assistant' | 'ws-gateway';
