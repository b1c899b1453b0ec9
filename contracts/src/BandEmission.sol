// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";

import {BandTerms, IBandEmission} from "./interfaces/IBandEmission.sol";
import {ICredits, Spending} from "./interfaces/ICredits.sol";
import {IEmission, ScheduleOutOfBounds} from "./interfaces/IEmission.sol";
import {INetworks, NetworkConfig} from "./interfaces/INetworks.sol";
import {IRemintable} from "./interfaces/IRemintable.sol";
import {Band} from "./libraries/Band.sol";
import {NetworkId} from "./types/NetworkId.sol";

contract BandEmission is IBandEmission {
    using Checkpoints for Checkpoints.Trace224;
    using SafeERC20 for IERC20;

    /// @dev Where `advance` stands. One slot.
    struct Progress {
        uint32 next;
        uint32 place; // in the list of epochs in which something was spent
        uint128 smoothed;
        bool isBound; // the network was created with this emission
    }

    /// @dev A place on the way, with the sums so far.
    struct Walk {
        uint32 epoch;
        uint32 spentEpoch; // the next in which something was spent; the largest number for none
        uint256 place;
        uint256 smoothed;
        uint256 reminted;
        uint256 overflow;
    }

    /// @inheritdoc IEmission
    uint256 public constant total = type(uint96).max;

    NetworkId private immutable NETWORK;
    INetworks private immutable NETWORKS;
    ICredits private immutable CREDITS;
    IEmission private immutable BASE;
    address private immutable TOKEN;
    address private immutable TREASURY;
    uint16 private immutable FLOOR_BPS;
    uint32 private immutable CAP_BPS;
    uint96 private immutable CAP_FROM;
    uint96 private immutable NET_EMISSION_CAP;
    uint64 private immutable REACH;
    /// @dev What may ever be minted again, so that all emission fits 96 bits: what was minted again can be burned again.
    uint256 private immutable REMINT_MAX;

    Progress private _progress;
    /// @dev By epoch, the sums of what was minted again and of what overflowed before it; without an entry where neither changed.
    Checkpoints.Trace224 private _sums;

    constructor(BandTerms memory given) {
        _check(given.limits);
        if (given.treasury == address(0)) revert LimitsInvalid("treasury", 0);
        uint256 baseTotal = given.base.total();
        if (baseTotal > type(uint96).max) {
            revert ScheduleOutOfBounds("base", baseTotal, 0, type(uint96).max);
        }
        address reminter = _reminterOf(given.token);
        if (reminter != address(this)) revert ReminterDiffers(given.token, reminter);
        uint256 balance = IERC20(given.token).balanceOf(address(this));
        if (balance < baseTotal) revert BaseNotFunded(balance, baseTotal);
        REMINT_MAX = type(uint96).max - baseTotal;
        (NETWORK, NETWORKS, CREDITS) = (given.network, INetworks(given.networks), ICredits(given.credits));
        (BASE, TOKEN, TREASURY) = (given.base, given.token, given.treasury);
        Band.Limits memory limits = given.limits;
        (FLOOR_BPS, CAP_BPS, CAP_FROM) = (limits.floorBps, limits.capBps, limits.capFrom);
        (NET_EMISSION_CAP, REACH) = (limits.netEmissionCap, limits.reach);
    }

    /// @inheritdoc IBandEmission
    function advance(uint256 limit) external returns (uint32 next) {
        _bind();
        Walk memory walk = _standing();
        (uint32 first, uint256 remintedBefore, uint256 overflowBefore) =
            (walk.epoch, walk.reminted, walk.overflow);
        uint32 end = _currentEpoch();
        for (; limit != 0 && walk.epoch < end; --limit) {
            (uint256 reminted, uint256 overflow) = (walk.reminted, walk.overflow);
            _step(walk, end);
            if (walk.reminted != reminted || walk.overflow != overflow) {
                _sums.push(walk.epoch, uint224(walk.reminted << 112 | walk.overflow));
            }
        }
        next = walk.epoch;
        if (next == first) return next;
        (_progress.next, _progress.place) = (next, uint32(walk.place));
        _progress.smoothed = uint128(walk.smoothed);
        _pay(first, next, walk.reminted - remintedBefore, walk.overflow - overflowBefore);
    }

    /// @inheritdoc IEmission
    function cumulative(uint32 epoch) external view returns (uint256) {
        (uint256 base, uint256 reminted, uint256 overflow) = partsBefore(epoch);
        return base + reminted - overflow;
    }

    /// @inheritdoc IBandEmission
    function partsBefore(uint32 epoch)
        public
        view
        returns (uint256 base, uint256 reminted, uint256 overflow)
    {
        if (epoch == 0) return (0, 0, 0);
        uint32 current = _currentEpoch();
        if (epoch > current) revert EpochNotOver(epoch, current);
        base = BASE.cumulative(epoch);
        if (epoch <= _progress.next) {
            (reminted, overflow) = _unpack(_sums.upperLookupRecent(epoch));
            return (base, reminted, overflow);
        }
        Walk memory walk = _standing();
        while (walk.epoch < epoch) _step(walk, epoch);
        return (base, walk.reminted, walk.overflow);
    }

    /// @inheritdoc IBandEmission
    function nextEpoch() external view returns (uint32) {
        return _progress.next;
    }

    /// @inheritdoc IBandEmission
    function smoothedBurn() external view returns (uint256) {
        return _progress.smoothed;
    }

    /// @inheritdoc IBandEmission
    function terms() external view returns (BandTerms memory) {
        return BandTerms(NETWORK, address(NETWORKS), address(CREDITS), TOKEN, TREASURY, BASE, _limits());
    }

    /// @dev Takes in the walk's epoch. Where nothing was paid and no burn is left to emit nothing moves until something is spent, so the walk jumps there.
    function _step(Walk memory walk, uint32 end) private view {
        if (walk.smoothed == 0 && walk.spentEpoch > walk.epoch) {
            walk.epoch = walk.spentEpoch < end ? walk.spentEpoch : end;
            return;
        }
        Spending memory spent;
        if (walk.spentEpoch == walk.epoch) {
            spent = CREDITS.spentIn(NETWORK, walk.epoch);
            ++walk.place;
            walk.spentEpoch = _spentEpochAt(walk.place);
        }
        walk.smoothed = Band.smooth(walk.smoothed, spent.burned);
        uint256 again = Math.min(walk.smoothed, NET_EMISSION_CAP);
        uint256 room = REMINT_MAX - walk.reminted;
        uint256 paid = uint256(spent.burned) + spent.paid;
        // Without it there is neither a floor to reach nor a cap.
        if (paid != 0) {
            Band.Limits memory limits = _limits();
            uint256 base = BASE.cumulative(walk.epoch + 1) - BASE.cumulative(walk.epoch);
            again += Band.topUp(limits, paid, spent.paid, base + again, walk.smoothed - again);
            again = Math.min(again, room);
            walk.overflow += Band.overflow(limits, paid, spent.paid, base + again);
        }
        walk.reminted += Math.min(again, room);
        ++walk.epoch;
    }

    function _standing() private view returns (Walk memory walk) {
        (walk.epoch, walk.place, walk.smoothed) = (_progress.next, _progress.place, _progress.smoothed);
        (walk.reminted, walk.overflow) = _unpack(_sums.latest());
        walk.spentEpoch = _spentEpochAt(walk.place);
    }

    function _pay(uint32 first, uint32 next, uint256 reminted, uint256 overflow) private {
        uint256 base = BASE.cumulative(next) - BASE.cumulative(first);
        emit Advanced(first, next, base, reminted, overflow);
        if (reminted != 0) IRemintable(TOKEN).mintAgain(address(this), reminted);
        uint256 emitted = base + reminted - overflow;
        address reserve = NETWORKS.reserveOf(NETWORK);
        if (emitted != 0) IERC20(TOKEN).safeTransfer(reserve, emitted);
        if (overflow != 0) IERC20(TOKEN).safeTransfer(TREASURY, overflow);
    }

    /// @dev Whoever creates the network could name another emission or token with its id.
    function _bind() private {
        if (_progress.isBound) return;
        NetworkConfig memory config = NETWORKS.configOf(NETWORK);
        if (address(config.emission) != address(this) || config.token != TOKEN) {
            revert NetworkDiffers(NETWORK);
        }
        _progress.isBound = true;
    }

    function _spentEpochAt(uint256 place) private view returns (uint32) {
        return CREDITS.spentEpochAt(NETWORK, place);
    }

    function _currentEpoch() private view returns (uint32) {
        return NETWORKS.timelineOf(NETWORK).epochAt(block.timestamp);
    }

    function _reminterOf(address token) private view returns (address) {
        try IRemintable(token).reminter() returns (address reminter) {
            return reminter;
        } catch {
            return address(0);
        }
    }

    function _limits() private view returns (Band.Limits memory) {
        return Band.Limits(FLOOR_BPS, CAP_BPS, CAP_FROM, NET_EMISSION_CAP, REACH);
    }

    function _unpack(uint224 sums) private pure returns (uint256 reminted, uint256 overflow) {
        return (sums >> 112, uint112(sums));
    }

    function _check(Band.Limits memory limits) private pure {
        if (limits.floorBps > Band.BPS) revert LimitsInvalid("floorBps", limits.floorBps);
        bool isCapped = limits.capBps != 0;
        if (limits.capBps > Band.CAP_BPS_MAX || (isCapped && limits.capBps <= limits.floorBps)) {
            revert LimitsInvalid("capBps", limits.capBps);
        }
        if (limits.reach > Band.WAD) revert LimitsInvalid("reach", limits.reach);
    }
}
