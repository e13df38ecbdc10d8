import { withdrawTestCluster } from './test-cluster';

export = withdrawTestCluster;
