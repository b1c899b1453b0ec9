// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Programs} from "../../src/interfaces/IBudgets.sol";
import {IEvidence} from "../../src/interfaces/IEvidence.sol";
import {ISettlement, RootRecord, RootState} from "../../src/interfaces/ISettlement.sol";
import {IStake, Role} from "../../src/interfaces/IStake.sol";

import {referenceWeights} from "../ReferenceWeights.sol";
import {TreeBuilder} from "../TreeBuilder.sol";
import {Drafts} from "./Drafts.sol";

/// @notice The real contracts, a clock, and all ghosts: what was tried, what came of it, what it cost, and what ought to be true by now.
/// @dev Handlers decide what is done; whatever they do goes through `attempt`, which never reverts.
abstract contract World is Drafts {
    mapping(bytes32 action => uint256) public tried;
    mapping(bytes32 action => uint256) public done;
    uint256 public mostGas;
    bytes32 public mostGasAction;

    bytes32[] public accepted; // in order, removed ones too
    bytes32[] public finals;
    mapping(bytes32 rootId => uint256) public acceptedAt;
    uint256 public potsThatDiffer;

    struct Adopted {
        uint32 fromEpoch;
        bytes programs; // Programs, encoded
    }

    Adopted[] internal _adopted;
    mapping(uint256 program => mapping(uint32 epoch => uint256)) internal _burned;

    function setUp() public virtual override {
        super.setUp();
        _adopted.push(Adopted(0, abi.encode(still([uint16(7_000), 3_000, 0, 0]))));
    }

    // ---- acts

    /// @notice One transaction. Never reverts; only what went through is measured, since what reverts harms its sender alone.
    function attempt(bytes32 action, address caller, address target, bytes memory call)
        public
        returns (bool ok, bytes memory result)
    {
        ++tried[action];
        vm.prank(caller);
        uint256 before = gasleft();
        (ok, result) = target.call(call);
        uint256 used = before - gasleft() + 21_000 + 16 * call.length;
        if (!ok) return (ok, result);
        ++done[action];
        if (used > mostGas) (mostGas, mostGasAction) = (used, action);
    }

    /// @notice The same, announced a block before.
    function attemptAnnounced(bytes32 action, address caller, address target, bytes memory call)
        public
        returns (bool ok, bytes memory result)
    {
        announce(target, caller, call);
        return attempt(action, caller, target, call);
    }

    /// @notice Time goes on, and whoever is on duty does what falls due on the way.
    function advance(uint256 to) public virtual {
        if (to > block.timestamp) vm.warp(to);
    }

    /// @notice An epoch goes by: evidence is sealed by `ingests` of the two ingests, and marked unavailable by as many verifiers as `marks` says.
    /// @return epoch whose attesting phase it is now
    function sealNext(uint256 seed, uint256 ingests, uint256 marks) public returns (uint32 epoch) {
        epoch = epochNow();
        advance(end(epoch));
        uint32 before = evidence.slotCount(network);
        if (ingests > 0) _commit(ingest, epoch, seed);
        bool late = random(seed, 6) % 4 == 0;
        if (ingests > 1 && !late) _commit(otherIngest, epoch, random(seed, 1));
        advance(end(epoch) + SEAL);
        if (ingests > 1 && late) _commit(otherIngest, epoch, random(seed, 1));
        uint32 count = evidence.slotCount(network);
        for (uint256 i; i < marks && count > before; ++i) {
            attempt(
                "markUnavailable",
                verifiers[i],
                address(evidence),
                abi.encodeCall(IEvidence.markUnavailable, (network, before))
            );
        }
        advance(end(epoch) + SEAL + AVAILABILITY);
    }

    /// @notice The first `count` verifiers attest; what is accepted is noted.
    function attestBy(Draft memory d, uint256 count) internal returns (bool isAccepted) {
        bytes memory call = abi.encodeCall(ISettlement.attest, (network, d.root, topsOf(d), 0));
        for (uint256 i; i < count; ++i) {
            attempt("attest", verifiers[i], address(settlement), call);
        }
        bytes32 id = idOf(d);
        RootRecord memory record = settlement.recordOf(id);
        isAccepted = record.state == RootState.Challengeable;
        if (!isAccepted || acceptedAt[id] != 0) return isAccepted;
        keep(d);
        ++done["accept"];
        accepted.push(id);
        acceptedAt[id] = block.timestamp;
        if (keccak256(abi.encode(record.pots)) != keccak256(abi.encode(_expectedPots(d)))) ++potsThatDiffer;
    }

    /// @notice Finalises the oldest root that stands and is not final, at the first moment it may be. Games that end on the way put that moment off.
    function finaliseNext() public returns (bool ok) {
        bytes32 id = oldestOpen();
        if (id == 0) return false;
        RootRecord memory record = settlement.recordOf(id);
        for (uint256 i; i < 100 && !_mayBeFinal(record); ++i) {
            advance(record.openChallenges == 0 ? record.finalisableAt : vm.getBlockTimestamp() + RESPONSE);
            record = settlement.recordOf(id);
        }
        (ok,) = attempt("finalise", stranger, address(settlement), abi.encodeCall(ISettlement.finalise, (id)));
        if (ok) finals.push(id);
    }

    function _mayBeFinal(RootRecord memory record) private view returns (bool) {
        return record.state != RootState.Challengeable
            || (record.openChallenges == 0 && vm.getBlockTimestamp() >= record.finalisableAt);
    }

    /// @notice Every verifier without a whole bond puts one down again.
    function restake() public {
        for (uint256 i; i < 3; ++i) {
            if (stake.slashableOf(network, Role.Verifier, verifiers[i]) < 200 ether) {
                stakeFor(Role.Verifier, verifiers[i], 200 ether);
            }
        }
    }

    function stakeFor(Role role, address holder, uint128 amount) public returns (bool ok) {
        token.transfer(holder, amount);
        vm.prank(holder);
        token.approve(address(stake), amount);
        (ok,) = attempt(
            "deposit", holder, address(stake), abi.encodeCall(IStake.deposit, (network, role, amount))
        );
    }

    // ---- what there is

    function oldestOpen() public view returns (bytes32) {
        for (uint256 i; i < accepted.length; ++i) {
            bytes32 id = accepted[i];
            if (settlement.recordOf(id).state == RootState.Challengeable && settlement.isStanding(id)) {
                return id;
            }
        }
        return 0;
    }

    function acceptedCount() external view returns (uint256) {
        return accepted.length;
    }

    function finalCount() external view returns (uint256) {
        return finals.length;
    }

    function epochNow() public view returns (uint32) {
        return block.timestamp < GENESIS ? 0 : uint32((block.timestamp - GENESIS) / EPOCH);
    }

    function end(uint32 epoch) public pure returns (uint256) {
        return GENESIS + (uint256(epoch) + 1) * EPOCH;
    }

    // ---- ghosts of emission: spec 4, computed once more

    /// @notice Emitted before the epoch and not the verifiers': 1 000 tokens an epoch, halved every 1 000 epochs, three times.
    function emittedBefore(uint256 epoch) public pure returns (uint256) {
        uint256 all;
        for (uint256 halvings; halvings < 4 && epoch > 1000 * halvings; ++halvings) {
            uint256 lived = epoch - 1000 * halvings;
            all += (1000 ether >> halvings) * (lived < 1000 ? lived : 1000);
        }
        return all - all * 500 / 10_000;
    }

    function _expectedPots(Draft memory d) private view returns (uint128[4] memory pots) {
        uint32 start = d.root.first;
        for (uint32 epoch = start; epoch <= d.root.last; ++epoch) {
            if (epoch < d.root.last && _rulesAt(epoch) == _rulesAt(epoch + 1)) continue;
            uint256[4] memory given = _expectedOf(_rulesAt(epoch), start, epoch);
            for (uint256 p; p < 4; ++p) {
                pots[p] += uint128(given[p]);
            }
            start = epoch + 1;
        }
        if (d.root.parent == 0) return pots;
        RootRecord memory parent = settlement.recordOf(d.root.parent);
        for (uint256 p; p < 4; ++p) {
            if (d.parent.workSums[p] == 0) pots[p] += parent.pots[p];
        }
    }

    /// @dev Of first..last, which are all under one ruleset: step by step, and no more than was burned.
    function _expectedOf(uint256 rules, uint32 first, uint32 last)
        private
        view
        returns (uint256[4] memory parts)
    {
        Programs memory programs = abi.decode(_adopted[rules].programs, (Programs));
        uint256 from = _adopted[rules].fromEpoch;
        uint256[4] memory burned;
        uint32 start = first;
        for (uint32 epoch = first; epoch <= last; ++epoch) {
            (bytes32 step, uint256[4] memory weightsBps) = referenceWeights(programs, epoch - from);
            (bytes32 next,) = referenceWeights(programs, epoch + 1 - from);
            uint256 given = emittedBefore(epoch + 1) - emittedBefore(start);
            bool isEnd = epoch == last || step != next;
            for (uint256 p; p < 4; ++p) {
                burned[p] += _burned[p][epoch];
                if (isEnd) parts[p] += given * weightsBps[p] / 10_000;
            }
            if (isEnd) start = epoch + 1;
        }
        for (uint256 p; p < 4; ++p) {
            uint256 most = burned[p] * programs.returnBps[p] / 10_000;
            if (programs.returnBps[p] != 0 && parts[p] > most) parts[p] = most;
        }
    }

    function _rulesAt(uint32 epoch) private view returns (uint256 newest) {
        for (uint256 i; i < _adopted.length; ++i) {
            if (_adopted[i].fromEpoch <= epoch) newest = i;
        }
    }

    function _commit(address by, uint32 epoch, uint256 seed) private {
        bytes[][] memory levels = evidenceTree(logFrom(epoch, 1 + seed % 4, seed));
        bytes32 root = TreeBuilder.hashOf(TreeBuilder.top(levels));
        _seedOf[root] = seed;
        uint128 bond = stake.slashableOf(network, Role.Ingest, by);
        bytes memory call =
            abi.encodeCall(IEvidence.commit, (network, epoch, root, uint32(1 + seed % 4), 1000));
        attempt(
            block.timestamp < end(epoch) + SEAL ? bytes32("commit") : bytes32("commit late"),
            by,
            address(evidence),
            call
        );
        _noteSlash(Role.Ingest, by, bond - stake.slashableOf(network, Role.Ingest, by));
    }

    /// @dev For worlds that keep account of bonds.
    function _noteSlash(Role role, address holder, uint256 amount) internal virtual {}
}
