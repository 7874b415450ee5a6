import { useQuery } from '@tanstack/react-query';
import { queries } from '../../api/queries.ts';
import type { BluetoothDevice } from '../../api/wireless.ts';
import { count, counted } from '../../format/number.ts';
import { When } from '../../marks/When.tsx';
import { AppLink } from '../../shell/AppLink.tsx';
import { Failure, Loading } from '../../shell/states.tsx';

const cares = ({ services, name }: BluetoothDevice) => services.length > 0 || name !== null;

/** Devices that advertise themselves by Bluetooth Low Energy; those of care one by one, the others as a number. */
export function Bluetooth() {
  const { data, error, refetch } = useQuery(queries.bluetooth());
  const ofCare = data?.items.filter(cares) ?? [];
  const others = (data?.items.length ?? 0) - ofCare.length;
  return (
    <section className="card stack" aria-labelledby="air-bluetooth">
      <h2 id="air-bluetooth">Bluetooth devices of care</h2>
      {error && !data && <Failure error={error} retry={() => void refetch()} what="Bluetooth" />}
      {!data && !error && <Loading label="Bluetooth devices" rows={3} />}
      {data && (
        <p>
          {ofCare.length === 0
            ? 'No device of care was heard by Bluetooth.'
            : `${counted(ofCare.length, 'device')} of care advertise themselves: anybody near can hear them and try to connect.`}{' '}
          {others > 0 && `${count(others)} others were heard, which are not devices of care.`}
        </p>
      )}
      {ofCare.length > 0 && (
        <table className="people-table">
          <caption className="unseen">Bluetooth devices of care</caption>
          <thead>
            <tr>
              <th scope="col">Device</th>
              <th scope="col">Says it is</th>
              <th scope="col">Services of care</th>
              <th scope="col">Address</th>
              <th scope="col">Last heard</th>
            </tr>
          </thead>
          <tbody>
            {ofCare.map((device) => (
              <tr key={`${device.site} ${device.address} ${device.name ?? ''}`}>
                <td>
                  <AppLink href={`/assets/${device.asset}`}>{device.assetName}</AppLink>
                </td>
                <td>
                  {device.name ?? <span className="dim">no name</span>}
                  {device.appearance !== null && <div className="small dim">{device.appearance}</div>}
                </td>
                <td>
                  {device.services.length === 0 ? (
                    <span className="dim">none told</span>
                  ) : (
                    device.services.join(', ')
                  )}
                </td>
                <td>
                  <span className="mono">{device.address}</span>
                  <div className="small dim">
                    {device.addressKind === 'public' ? 'given by its maker' : 'made up by the device'}: it can
                    be followed
                  </div>
                </td>
                <td>
                  <When at={device.lastSeen} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
