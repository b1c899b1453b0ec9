// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {DataSet, LeafChallenge, LeafProof, Piece} from "../../src/interfaces/IPossessionProofs.sol";
import {PossessionWorld} from "../PossessionWorld.sol";

/// @notice Alice holds what she says and proves when she is awake; bob lost some pieces and does all he can to hide it; anybody captures, records and removes; the beacon fails at times.
/// @dev Beside the contract it keeps what ought to be true, period by period and piece by piece.
contract PossessionActors is PossessionWorld {
    uint256 private constant MOST_PIECES = 60;

    struct Shadow {
        uint64[] leaves; // by piece; zero for one that was removed
        uint64[] leavesAtFreeze;
        uint32 frozenFor; // plus one
        uint32 endsAfter; // plus one
        uint32 owedFaults;
        uint32 counted; // periods counted in owedFaults
        uint32 inRow; // of owedFaults, those since the last proof
        uint88 leafPeriods;
        mapping(uint32 period => bool) proven;
    }

    uint64 public honest;
    uint64 public lossy;
    mapping(uint64 set => Shadow) private _shadows;
    mapping(uint32 period => bool) private _onTime;
    mapping(bytes32 action => uint256) public done;
    bool public honestWasHindered;
    bool public liarProved;
    bool public wronglyChallenged;
    bool public accountedWrongly;

    function setUp() public override {
        super.setUp();
        honest = createSet();
        vm.prank(bob);
        lossy = possession.createSet(network, BOB_DEVICE, terms());
    }

    /// @dev Every third piece of bob's, he has not. Sizes differ, so that positions mean something.
    function isLost(uint64 set, uint256 piece) public view returns (bool) {
        return set == lossy && piece % 3 == 2;
    }

    function grow(uint256 seed) public {
        uint64 set = setOf(seed);
        Shadow storage shadow = _shadows[set];
        if (shadow.leaves.length >= MOST_PIECES || shadow.endsAfter != 0) return;
        _tick(set);
        uint256 count = 1 + (seed >> 8) % 9;
        Piece[] memory pieces = new Piece[](count);
        for (uint256 i; i < count; ++i) {
            uint256 id = shadow.leaves.length;
            uint256 depth = uint256(keccak256(abi.encode(seed, i))) % 6;
            pieces[i] = Piece(uniform(leafOf(id), depth), uint64(1 << depth));
            shadow.leaves.push(uint64(1 << depth));
        }
        vm.prank(ownerOfSet(set));
        possession.addPieces(set, pieces);
        ++done["grow"];
    }

    function shrink(uint256 seed) external {
        uint64 set = setOf(seed);
        uint256 count = _shadows[set].leaves.length;
        if (count == 0) return;
        uint32[] memory pieces = new uint32[](1 + (seed >> 8) % 4);
        for (uint256 i; i < pieces.length; ++i) {
            pieces[i] = uint32(uint256(keccak256(abi.encode(seed, i))) % count);
        }
        vm.prank(ownerOfSet(set));
        try possession.scheduleRemovals(set, pieces) {} catch {}
    }

    function remove(uint256 seed) external {
        uint64 set = setOf(seed);
        _tick(set);
        DataSet memory before = possession.setOf(set);
        try possession.removePieces(set, uint32(seed >> 8) % 5) {
            Shadow storage shadow = _shadows[set];
            for (uint32 i; i < shadow.leaves.length; ++i) {
                try possession.pieceOf(set, i) {}
                catch {
                    shadow.leaves[i] = 0;
                }
            }
            if (possession.setOf(set).leaves < before.leaves) ++done["remove"];
        } catch {}
    }

    function pass(uint256 seed) public {
        vm.warp(vm.getBlockTimestamp() + seed % 9 * EPOCH_SECONDS / 2);
        beacon.setDown(seed >> 8 & 7 == 0);
        _tick(honest);
        _tick(lossy);
    }

    function sleep(uint256 seed) external {
        vm.warp(vm.getBlockTimestamp() + seed % 5 * PERIOD * EPOCH_SECONDS);
        _tick(honest);
        _tick(lossy);
    }

    function captureNow() public {
        try possession.capture(network, PERIOD, WINDOW) {
            _onTime[periodNow()] = true;
            ++done["capture"];
        } catch {}
    }

    /// @dev To the window, and both do what they can there. Alice has to succeed.
    function work(uint256 seed) public {
        uint32 period = periodNow();
        if (block.timestamp < windowStart(period)) vm.warp(windowStart(period) + seed % (4 * EPOCH_SECONDS));
        _tick(honest);
        _tick(lossy);
        beacon.setDown(false);
        evidence.captureBeacon(network, uint32(windowEpoch(period)));
        _prove(honest, period, seed);
        _prove(lossy, period, seed);
    }

    function leave(uint256 seed) external {
        // Rarely: a world without sets tells nothing.
        if (seed % 16 != 0) return;
        uint64 set = setOf(seed >> 4);
        _tick(set);
        if (_shadows[set].endsAfter != 0) return;
        _shadows[set].endsAfter = periodNow() + 1;
        vm.prank(ownerOfSet(set));
        possession.terminate(set, 0);
        ++done["leave"];
    }

    function accuse(uint256 seed) external {
        uint64 set = setOf(seed);
        _tick(set);
        if (possession.recordFaults(set) != owed(set)) accountedWrongly = true;
    }

    function setOf(uint256 seed) public view returns (uint64) {
        return seed % 2 == 0 ? honest : lossy;
    }

    function ownerOfSet(uint64 set) public view returns (address) {
        return set == honest ? alice : bob;
    }

    function owed(uint64 set) public view returns (uint32) {
        return _shadows[set].owedFaults;
    }

    function worthOf(uint64 set) external view returns (uint88 leafPeriods, uint32 missedInRow, uint8 said) {
        return (_shadows[set].leafPeriods, _shadows[set].inRow, possession.missedInRow(set));
    }

    function leavesOf(uint64 set) external view returns (uint256) {
        return _sum(_shadows[set].leaves);
    }

    function contractSays(uint64 set) external view returns (uint32 faults, DataSet memory kept) {
        return (possession.faultsOf(set), possession.setOf(set));
    }

    /// @dev Counts the periods that are over, by what the set was when they froze; and remembers what it is when this one does. Called before every change.
    function _tick(uint64 set) private {
        Shadow storage shadow = _shadows[set];
        uint32 now_ = periodNow();
        for (; shadow.counted < now_; ++shadow.counted) {
            uint32 period = shadow.counted;
            uint64[] memory leaves = shadow.frozenFor == period + 1 ? shadow.leavesAtFreeze : shadow.leaves;
            bool ended = shadow.endsAfter != 0 && period >= shadow.endsAfter;
            if (!ended && _onTime[period] && _sum(leaves) > 0 && !shadow.proven[period]) {
                ++shadow.owedFaults;
                ++shadow.inRow;
            }
        }
        if (block.timestamp >= windowStart(now_) - EPOCH_SECONDS && shadow.frozenFor != now_ + 1) {
            shadow.frozenFor = now_ + 1;
            shadow.leavesAtFreeze = shadow.leaves;
        }
    }

    function _prove(uint64 set, uint32 period, uint256 seed) private {
        Shadow storage shadow = _shadows[set];
        bool ended = shadow.endsAfter != 0 && period >= shadow.endsAfter;
        uint256 range = _sum(shadow.leavesAtFreeze);
        if (ended || range == 0 || shadow.proven[period]) return;
        (LeafProof[] memory proofs, bool hit) = _answer(set, seed);
        try possession.prove(set, proofs) {
            shadow.proven[period] = true;
            shadow.inRow = 0;
            shadow.leafPeriods += uint88(range);
            ++done[set == honest ? bytes32("prove") : bytes32("lucky")];
            if (hit) liarProved = true;
            if (block.timestamp < windowStart(period) + uint256(WINDOW) * EPOCH_SECONDS / 2) {
                _onTime[period] = true;
            }
        } catch {
            if (!hit) honestWasHindered = true;
            ++done["caught"];
        }
    }

    /// @dev Where bob has not the leaf, he answers with one he has.
    function _answer(uint64 set, uint256 seed) private returns (LeafProof[] memory proofs, bool hit) {
        Shadow storage shadow = _shadows[set];
        (, LeafChallenge[] memory challenges) = possession.challengesOf(set);
        proofs = new LeafProof[](challenges.length);
        for (uint256 i; i < challenges.length; ++i) {
            uint32 piece = challenges[i].piece;
            uint64 leaves = piece < shadow.leavesAtFreeze.length ? shadow.leavesAtFreeze[piece] : 0;
            if (challenges[i].leaf >= leaves) wronglyChallenged = true;
            bool lost = isLost(set, piece);
            if (lost) hit = true;
            uint256 shown = lost ? seed % 3 == 0 ? piece + 1 : 0 : piece;
            proofs[i] = uniformProof(leafOf(shown), depthOf(leaves));
        }
    }

    function _sum(uint64[] memory leaves) private pure returns (uint256 sum) {
        for (uint256 i; i < leaves.length; ++i) {
            sum += leaves[i];
        }
    }
}

/// @notice Who holds its pieces can always prove or leave, nobody who proved is ever at fault, and nobody proves by what it has not.
contract PossessionInvariants is PossessionWorld {
    PossessionActors private _actors;

    function setUp() public override {
        _actors = new PossessionActors();
        _actors.setUp();
        bytes4[] memory acts = new bytes4[](9);
        acts[0] = PossessionActors.grow.selector;
        acts[1] = PossessionActors.shrink.selector;
        acts[2] = PossessionActors.remove.selector;
        acts[3] = PossessionActors.pass.selector;
        acts[4] = PossessionActors.sleep.selector;
        acts[5] = PossessionActors.captureNow.selector;
        acts[6] = PossessionActors.work.selector;
        acts[7] = PossessionActors.leave.selector;
        acts[8] = PossessionActors.accuse.selector;
        targetSelector(FuzzSelector(address(_actors), acts));
        targetContract(address(_actors));
    }

    function invariant_ProofsAreWorthWhatTheySay() external {
        assertFalse(_actors.honestWasHindered(), "who had every leaf asked for could not prove");
        assertFalse(_actors.liarProved(), "a leaf that nobody had was proven");
        assertFalse(
            _actors.wronglyChallenged(), "a leaf was asked for that did not stand when the period froze"
        );
        assertFalse(_actors.accountedWrongly(), "recorded faults are others than the missed periods");
        _actors.pass(1 << 8);
        check(_actors.honest());
        check(_actors.lossy());
    }

    function check(uint64 set) private view {
        (uint32 faults, DataSet memory kept) = _actors.contractSays(set);
        assertEq(faults, _actors.owed(set), "faults are the missed periods");
        (uint88 leafPeriods, uint32 inRow, uint8 said) = _actors.worthOf(set);
        assertEq(kept.leafPeriods, leafPeriods, "leaf-periods are those of the proven periods");
        assertEq(said, inRow > 255 ? 255 : inRow, "missed in a row are those since the last proof");
        assertEq(kept.leaves, _actors.leavesOf(set), "leaves are those of the pieces that stand");
    }

    /// @notice No run counts in which nothing was proven, missed by luck of the draw, and removed.
    function afterInvariant() external {
        for (uint256 i; _actors.done("prove") + _actors.done("leave") == 0; ++i) {
            assertLt(i, 100, "the world got stuck");
            uint256 seed = uint256(keccak256(abi.encode(i)));
            _actors.grow(seed & ~uint256(1));
            _actors.pass(8 | 1 << 8);
            _actors.work(seed);
        }
    }

    /// @notice The world can do what it is about.
    function test_default_TheWorldLives() external {
        for (uint256 i; i < 120; ++i) {
            uint256 seed = uint256(keccak256(abi.encode(i)));
            _actors.grow(seed);
            _actors.shrink(seed);
            _actors.work(seed);
            _actors.sleep(seed);
            _actors.pass(8 | 1 << 8); // out of the window
            _actors.remove(seed | 4 << 8);
            _actors.captureNow();
            _actors.accuse(seed);
        }
        assertGt(_actors.done("grow"), 0, "grow");
        assertGt(_actors.done("prove"), 0, "prove");
        assertGt(_actors.done("lucky"), 0, "lucky");
        assertGt(_actors.done("caught"), 0, "caught");
        assertGt(_actors.done("remove"), 0, "remove");
        assertGt(_actors.owed(_actors.lossy()), 0, "faults");
        this.invariant_ProofsAreWorthWhatTheySay();
    }
}
