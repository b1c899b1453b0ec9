// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {DataSet, FaultSpan, IPossessionProofs} from "./interfaces/IPossessionProofs.sol";
import {PeriodList} from "./libraries/PeriodList.sol";
import {NetworkId} from "./types/NetworkId.sol";
import {ProvingClock} from "./types/ProvingClock.sol";

/// @notice What data sets proved and missed.
/// @dev Nothing happens to a set by the passing of time alone: whoever changes or proves it first accounts for the periods since. In between nothing changed, so all of them but the first had the
///      same leaves, and how many of them had a beacon on time is the difference of two places in a list.
abstract contract PossessionBook is IPossessionProofs {
    using PeriodList for uint32[];

    uint256 private constant MOST_READ = 1024;

    uint64 internal _setCount;
    mapping(uint64 set => DataSet) internal _sets;
    /// @dev Periods whose beacon was captured on time, ascending.
    mapping(bytes32 schedule => uint32[]) internal _captured;
    mapping(uint64 set => uint96[]) private _faultSpans; // first << 64 | last << 32 | missed, ascending; two to a slot

    /// @inheritdoc IPossessionProofs
    function recordFaults(uint64 set) external returns (uint32) {
        DataSet storage kept = _known(set);
        _account(set, kept);
        return kept.faults;
    }

    /// @inheritdoc IPossessionProofs
    function faultsOf(uint64 set) external view returns (uint32) {
        DataSet storage kept = _known(set);
        return kept.faults + _missedUntilNow(kept);
    }

    /// @inheritdoc IPossessionProofs
    function missedInRow(uint64 set) external view returns (uint8) {
        DataSet storage kept = _known(set);
        return _capped(kept.missedInRow + uint256(_missedUntilNow(kept)));
    }

    /// @inheritdoc IPossessionProofs
    function faultSpansOf(uint64 set, uint32 first, uint32 most)
        external
        view
        returns (FaultSpan[] memory spans)
    {
        uint96[] storage all = _faultSpans[set];
        uint256 count = _countFrom(all.length, first, most);
        spans = new FaultSpan[](count);
        for (uint256 i; i < count; ++i) {
            uint96 span = all[first + i];
            spans[i] = FaultSpan(uint32(span >> 64), uint32(span >> 32), uint32(span));
        }
    }

    /// @inheritdoc IPossessionProofs
    function isCaptured(NetworkId network, uint16 periodEpochs, uint16 windowEpochs, uint32 period)
        external
        view
        returns (bool)
    {
        uint32[] storage captured = _captured[_scheduleOf(network, periodEpochs, windowEpochs)];
        uint256 place = captured.placeOf(period);
        return place < captured.length && captured[place] == period;
    }

    /// @dev Adds up the periods that are over, and returns the one that is not.
    function _account(uint64 set, DataSet storage kept) internal returns (uint32 period) {
        period = kept.clock.periodAt(block.timestamp);
        uint32 from = kept.accounted;
        uint32 until = _accountUntil(kept, period);
        if (until <= from) return period;
        FaultSpan memory span = _missed(kept, until);
        kept.accounted = until;
        if (span.missed == 0) return period;
        kept.faults += span.missed;
        kept.missedInRow = _capped(kept.missedInRow + uint256(span.missed));
        _faultSpans[set].push(uint96(span.first) << 64 | uint96(span.last) << 32 | span.missed);
        emit FaultsRecorded(set, from, until - 1, span.missed, kept.faults);
    }

    /// @dev The first period that is not to be accounted for: it is not over, or the set had ended.
    function _accountUntil(DataSet storage kept, uint32 period) internal view returns (uint32) {
        uint32 ended = kept.endsAfter;
        return ended != 0 && ended < period ? ended : period;
    }

    function _missedUntilNow(DataSet storage kept) internal view returns (uint32) {
        return _missed(kept, _accountUntil(kept, kept.clock.periodAt(block.timestamp))).missed;
    }

    /// @dev Faults in [accounted, until). The set was last touched in its period `accounted`, or earlier.
    function _missed(DataSet storage kept, uint32 until) internal view returns (FaultSpan memory span) {
        uint32 first = kept.accounted;
        if (until <= first) return span;
        ProvingClock memory clock = kept.clock;
        uint32[] storage captured =
            _captured[_scheduleOf(kept.network, clock.periodEpochs, clock.windowEpochs)];
        uint256 place = captured.placeOf(first);
        if (place < captured.length && captured[place] == first) {
            if (kept.proven != first + 1 && _rangeOf(kept, first) > 0) span = FaultSpan(first, first, 1);
            ++place;
        }
        uint256 end = captured.placeOf(until);
        if (kept.leaves == 0 || end <= place) return span;
        if (span.missed == 0) span.first = captured[place];
        span.last = captured[end - 1];
        span.missed += uint32(end - place);
    }

    /// @dev What a proof of all `range` leaves is worth. Leaf-periods stop at their most, 2²⁸ periods of the largest set.
    function _noteProof(DataSet storage kept, uint32 period, uint64 range) internal {
        (kept.proven, kept.missedInRow) = (period + 1, 0);
        if (kept.provenPeriods < type(uint16).max) ++kept.provenPeriods;
        uint256 leafPeriods = uint256(kept.leafPeriods) + range;
        kept.leafPeriods = leafPeriods > type(uint88).max ? type(uint88).max : uint88(leafPeriods);
    }

    function _capped(uint256 count) internal pure returns (uint8) {
        return count > type(uint8).max ? type(uint8).max : uint8(count);
    }

    function _countFrom(uint256 length, uint256 first, uint256 most) internal pure returns (uint256) {
        if (first >= length) return 0;
        if (most > MOST_READ) most = MOST_READ;
        return length - first < most ? length - first : most;
    }

    /// @dev What is added once the period froze is behind what is challenged in it.
    function _freeze(DataSet storage kept, uint32 period) internal {
        if (block.timestamp < kept.clock.frozenFrom(period) || kept.frozenFor == period + 1) return;
        (kept.frozenFor, kept.frozenLeaves) = (period + 1, kept.leaves);
    }

    /// @dev The leaves challenged in a period not before the last one that was accounted.
    function _rangeOf(DataSet storage kept, uint32 period) internal view returns (uint64) {
        return kept.frozenFor == period + 1 ? kept.frozenLeaves : kept.leaves;
    }

    function _scheduleOf(NetworkId network, uint16 periodEpochs, uint16 windowEpochs)
        internal
        pure
        returns (bytes32)
    {
        return keccak256(abi.encode(network, periodEpochs, windowEpochs));
    }

    function _known(uint64 set) internal view returns (DataSet storage) {
        if (set >= _setCount) revert SetUnknown(set);
        return _sets[set];
    }
}
