/**
 * How good or bad a state is. The screen's theme and the log's paint each give a severity its colour.
 * `wrongData`: a check failed, so the program worked and the data is wrong. `muted`: nothing happened, and nothing need be done.
 */
export type Severity = 'success' | 'running' | 'warning' | 'failure' | 'wrongData' | 'muted' | 'plain';
