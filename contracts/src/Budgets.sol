// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {IBudgets, Programs, WeightPoint} from "./interfaces/IBudgets.sol";
import {ICredits} from "./interfaces/ICredits.sol";
import {IEmission} from "./interfaces/IEmission.sol";
import {INetworks} from "./interfaces/INetworks.sol";
import {WeightLines} from "./libraries/WeightLines.sol";
import {NetworkId} from "./types/NetworkId.sol";

contract Budgets is IBudgets {
    using SafeCast for uint256;
    using WeightLines for uint96[];

    /// @dev The programs of one ruleset.
    struct Stretch {
        uint32 fromEpoch;
        uint96[] points; // packed
        uint16[4] returnBps;
    }

    struct Book {
        IEmission emission;
        uint16 verifierShareBps;
        Stretch[] stretches; // by fromEpoch, strictly ascending
    }

    /// @dev How far the budget of a range is worked out.
    struct Walk {
        NetworkId network;
        uint32 start; // the first epoch that is not in it yet
        uint32 last;
        uint256 runs;
        uint256 emitted; // before `start`
        uint128[4] perProgram;
    }

    uint256 private constant WHOLE_BPS = 10_000;
    uint256 private constant MAX_POINTS = 8;
    /// @dev More than one ruleset can have: seven lines of 64 steps, and what stands still after them.
    uint256 private constant MAX_RUNS = 512;

    address private immutable NETWORKS;
    ICredits private immutable CREDITS;

    mapping(NetworkId => Book) private _books;

    modifier onlyNetworks() {
        if (msg.sender != NETWORKS) revert NotNetworks(msg.sender);
        _;
    }

    constructor(address networks, address credits) {
        NETWORKS = networks;
        CREDITS = ICredits(credits);
    }

    /// @inheritdoc IBudgets
    function open(NetworkId network, IEmission emission, uint16 verifierShareBps) external onlyNetworks {
        Book storage book = _books[network];
        (book.emission, book.verifierShareBps) = (emission, verifierShareBps);
    }

    /// @inheritdoc IBudgets
    function adopt(NetworkId network, uint32 fromEpoch, Programs calldata programs) external onlyNetworks {
        _check(programs);
        Stretch[] storage stretches = _books[network].stretches;
        uint256 count = stretches.length;
        bool replaces = count > 0 && stretches[count - 1].fromEpoch == fromEpoch;
        Stretch storage adopted = replaces ? stretches[count - 1] : stretches.push();
        adopted.fromEpoch = fromEpoch;
        adopted.returnBps = programs.returnBps;
        if (replaces) delete adopted.points;
        for (uint256 i = 0; i < programs.weights.length; ++i) {
            adopted.points.push(WeightLines.pack(programs.weights[i]));
        }
    }

    /// @inheritdoc IBudgets
    function programsAt(NetworkId network, uint32 epoch)
        external
        view
        returns (uint32 fromEpoch, Programs memory programs)
    {
        Stretch storage stretch = _stretchAt(network, epoch);
        uint96[] memory points = stretch.points;
        (fromEpoch, programs.returnBps) = (stretch.fromEpoch, stretch.returnBps);
        programs.weights = new WeightPoint[](points.length);
        for (uint256 i = 0; i < points.length; ++i) {
            programs.weights[i] = WeightLines.unpack(points[i]);
        }
    }

    /// @inheritdoc IBudgets
    function weightsAt(NetworkId network, uint32 epoch) external view returns (uint16[4] memory weightsBps) {
        Stretch storage stretch = _stretchAt(network, epoch);
        uint96[] memory points = stretch.points;
        (uint256[4] memory weights,) = points.at(epoch - stretch.fromEpoch);
        for (uint256 p = 0; p < 4; ++p) {
            weightsBps[p] = uint16(weights[p]);
        }
    }

    /// @inheritdoc IBudgets
    function budgetOf(NetworkId network, uint32 first, uint32 last)
        external
        view
        returns (uint128[4] memory)
    {
        Book storage book = _known(network);
        uint256 current = _inForce(book.stretches, first);
        Walk memory walk;
        (walk.network, walk.start, walk.last) = (network, first, last);
        walk.emitted = _emittedBefore(book, first);
        while (walk.start <= last) {
            _addStretch(book, current, walk);
            ++current;
        }
        return walk.perProgram;
    }

    /// @inheritdoc IBudgets
    function verifierBudgetOf(NetworkId network, uint32 first, uint32 last) external view returns (uint128) {
        Book storage book = _known(network);
        uint256 shareBps = book.verifierShareBps;
        uint256 after_ = book.emission.cumulative(last + 1) * shareBps / WHOLE_BPS;
        return (after_ - book.emission.cumulative(first) * shareBps / WHOLE_BPS).toUint128();
    }

    /// @dev Adds what the range has of one ruleset: run by run, and then no more than was burned for it.
    function _addStretch(Book storage book, uint256 current, Walk memory walk) private view {
        Stretch storage stretch = book.stretches[current];
        uint96[] memory points = stretch.points;
        uint256 fromEpoch = stretch.fromEpoch;
        uint32 first = walk.start;
        uint256 end = _endOf(book, current, walk.last);
        uint256[4] memory parts;
        while (walk.start < end) {
            (uint256[4] memory weightsBps, uint256 until) = points.at(walk.start - fromEpoch);
            if (++walk.runs == MAX_RUNS) end = uint256(walk.last) + 1;
            uint32 runEnd =
                walk.runs == MAX_RUNS || until > end - fromEpoch ? uint32(end) : uint32(fromEpoch + until);
            uint256 emitted = _emittedBefore(book, runEnd);
            uint256 given = emitted - walk.emitted;
            for (uint256 p = 0; p < 4; ++p) {
                parts[p] += given * weightsBps[p] / WHOLE_BPS;
            }
            (walk.start, walk.emitted) = (runEnd, emitted);
        }
        for (uint256 p = 0; p < 4; ++p) {
            uint256 returnBps = stretch.returnBps[p];
            if (returnBps != 0 && parts[p] != 0) {
                uint256 burned = CREDITS.burnedIn(walk.network, uint8(p), first, uint32(end - 1));
                parts[p] = Math.min(parts[p], burned * returnBps / WHOLE_BPS);
            }
            walk.perProgram[p] += parts[p].toUint128();
        }
    }

    /// @dev The first epoch after the range, or in which the next ruleset acts.
    function _endOf(Book storage book, uint256 current, uint256 last) private view returns (uint256) {
        if (current + 1 < book.stretches.length) {
            uint256 next = book.stretches[current + 1].fromEpoch;
            if (next <= last) return next;
        }
        return last + 1;
    }

    /// @dev Spec 4's C: emission before the epoch, less the verifiers' share of it.
    function _emittedBefore(Book storage book, uint32 epoch) private view returns (uint256) {
        uint256 emitted = book.emission.cumulative(epoch);
        return emitted - emitted * book.verifierShareBps / WHOLE_BPS;
    }

    function _stretchAt(NetworkId network, uint32 epoch) private view returns (Stretch storage) {
        Stretch[] storage stretches = _known(network).stretches;
        return stretches[_inForce(stretches, epoch)];
    }

    /// @dev Place of the newest with fromEpoch ≤ epoch; the first acts from epoch 0, so there is one.
    function _inForce(Stretch[] storage stretches, uint32 epoch) private view returns (uint256 low) {
        uint256 high = stretches.length;
        while (high - low > 1) {
            uint256 middle = (low + high) / 2;
            if (stretches[middle].fromEpoch <= epoch) low = middle;
            else high = middle;
        }
    }

    function _known(NetworkId network) private view returns (Book storage book) {
        book = _books[network];
        if (book.stretches.length == 0) revert INetworks.NetworkUnknown(network);
    }

    function _check(Programs calldata programs) private pure {
        uint256 count = programs.weights.length;
        if (count == 0 || count > MAX_POINTS) revert WeightCountInvalid(count, MAX_POINTS);
        for (uint256 i = 0; i < count; ++i) {
            WeightPoint calldata point = programs.weights[i];
            uint32 afterEpochs = point.afterEpochs;
            if (i == 0 ? afterEpochs != 0 : afterEpochs <= programs.weights[i - 1].afterEpochs) {
                revert WeightsOutOfOrder(i, afterEpochs);
            }
            uint256 sumBps = uint256(point.weightsBps[0]) + point.weightsBps[1] + point.weightsBps[2]
                + point.weightsBps[3];
            if (sumBps != WHOLE_BPS) revert WeightsNotWhole(i, sumBps);
        }
        for (uint256 p = 0; p < 4; ++p) {
            if (programs.returnBps[p] > WHOLE_BPS) revert ReturnTooLarge(p, programs.returnBps[p]);
        }
    }
}
