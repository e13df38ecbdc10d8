import { runService } from '@alliance/service-host';
import { publicSectorLiaison } from './public-sector-liaison.module';

void runService(publicSectorLiaison);
