import { offerTestCluster } from './test-cluster';

export = offerTestCluster;
