// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {DataSet} from "../../src/interfaces/IPossessionProofs.sol";
import {Rail, RailAccount, RailState} from "../../src/interfaces/IStorageRails.sol";
import {RailsWorld} from "../RailsWorld.sol";

/// @notice A payer with a rail to each of four devices; their owners prove or forget, leave, repair and give up; strangers settle, capture, call rails lost and try what is not theirs.
/// @dev Beside the contract it counts every proof's pay, rail by rail, and what went in and out.
contract RailsActors is RailsWorld {
    uint256 private constant MOST_RAILS = 12;

    mapping(bytes32 action => uint256) public done;
    mapping(uint64 rail => uint256) public proofPay; // leaves · periods · price, by the proofs this world saw
    uint256 public putIn;
    uint256 public takenOut;
    uint256 public settled;
    bool public honestWasHindered;
    bool public paidAnother;
    bool public forged;
    uint256 private _heldAtStart;

    function setUp() public override {
        super.setUp();
        for (uint32 i; i < DEVICES; ++i) {
            openOne(i);
        }
    }

    function openOne(uint256 seed) public {
        if (storageRails.railCount() >= MOST_RAILS) return;
        uint128 amount = uint128(20 + seed % 3_000);
        vm.prank(payer);
        try storageRails.open(network, uint32(seed % DEVICES), signer, PRICE, 5, amount) {
            putIn += amount;
            ++done["open"];
        } catch {}
    }

    function topUp(uint256 seed) external {
        uint128 amount = uint128(seed % 500);
        vm.prank(seed % 7 == 0 ? stranger : payer);
        try storageRails.fund(railOfSeed(seed), amount) {
            putIn += amount;
            if (seed % 7 == 0) forged = true;
        } catch {}
    }

    function grow(uint256 seed) public {
        uint64 rail = railOfSeed(seed);
        Rail memory r = storageRails.railAt(rail);
        uint256 depth = seed >> 16 & 7;
        bytes32 root = uniform(leafOf(depth), depth);
        uint32 piece = possessionProofs.setOf(r.set).pieces;
        bool lie = seed >> 24 & 3 == 0;
        bytes memory signature =
            bundle(lie ? rail + 1 : rail, piece, root, uint64(1 << depth), SIGNER_KEY);
        vm.prank(ownerOf(r.device));
        try storageRails.addBundle(rail, root, uint64(1 << depth), signature) {
            if (lie) forged = true;
            ++done["grow"];
        } catch {}
    }

    function shrink(uint256 seed) external {
        uint64 rail = railOfSeed(seed);
        uint32[] memory pieces = new uint32[](1);
        pieces[0] = uint32(seed >> 8 & 3);
        vm.prank(signer);
        try storageRails.removePieces(rail, pieces) {} catch {}
        try possessionProofs.removePieces(storageRails.railAt(rail).set, 9) {} catch {}
    }

    /// @dev The window of this period, or of the next: who is awake proves, and has to succeed.
    function work(uint256 seed) public {
        uint32 period = periodNow();
        if (vm.getBlockTimestamp() >= GENESIS + ((uint256(period) + 1) * PERIOD - WINDOW) * EPOCH) ++period;
        warpToWindow(period);
        try possessionProofs.capture(network, PERIOD, WINDOW) {} catch {}
        uint64 count = storageRails.railCount();
        for (uint64 rail; rail < count; ++rail) {
            // Device 0 is always awake, others now and then.
            if (storageRails.railAt(rail).device == 0 || seed >> rail & 1 == 1) _prove(rail, period);
        }
    }

    function sleep(uint256 seed) public {
        uint256 periods = 1 + seed % 3;
        for (uint256 i; i < periods; ++i) {
            warpToWindow(periodNow() + 1);
            try possessionProofs.capture(network, PERIOD, WINDOW) {} catch {}
            for (uint64 rail; rail < storageRails.railCount(); ++rail) {
                if (storageRails.railAt(rail).device == 0) _prove(rail, periodNow());
            }
        }
        warpToPeriod(periodNow() + 1);
    }

    function settle(uint256 seed) public {
        uint64 rail = railOfSeed(seed);
        address owner = ownerOf(storageRails.railAt(rail).device);
        uint256 before = token.balanceOf(owner);
        uint256 supply = token.totalSupply();
        vm.prank(stranger);
        uint128 paid = storageRails.settle(rail);
        settled += paid;
        if (paid > 0) ++done["settle"];
        // A credit is a millionth of a token, and all of it is the seller's.
        if (token.balanceOf(owner) - before + supply - token.totalSupply() != uint256(paid) * 1e12) {
            paidAnother = true;
        }
    }

    function end(uint256 seed) external {
        if (seed >> 8 & 3 != 0) return;
        uint64 rail = railOfSeed(seed);
        uint256 who = seed >> 16 & 3;
        vm.prank(who == 0 ? payer : who == 1 ? stranger : ownerOf(storageRails.railAt(rail).device));
        try storageRails.end(rail) {
            if (who == 1) forged = true;
            ++done["end"];
        } catch {}
    }

    function lose(uint256 seed) public {
        uint64 rail = railOfSeed(seed);
        vm.prank(stranger);
        try storageRails.lose(rail) {
            ++done["lose"];
            // Device 0 never missed a thing.
            if (storageRails.railAt(rail).device == 0) honestWasHindered = true;
        } catch {}
    }

    function withdraw(uint256 seed) public {
        uint64 rail = railOfSeed(seed);
        bool lost = storageRails.railAt(rail).state == RailState.Lost;
        bool byPayer = seed >> 8 & 1 == 1;
        vm.prank(byPayer ? payer : stranger);
        try storageRails.withdraw(rail) returns (uint128 amount) {
            if (lost && !byPayer) forged = true;
            takenOut += amount;
            if (amount > 0) ++done["withdraw"];
        } catch {}
    }

    function succeed(uint256 seed) public {
        if (storageRails.railCount() >= MOST_RAILS) return;
        uint64 rail = railOfSeed(seed);
        uint32 device = uint32(seed >> 8) % DEVICES;
        vm.prank(ownerOf(device));
        try storageRails.succeed(rail, device) {
            ++done["succeed"];
        } catch {}
    }

    function tend(uint256 seed) public {
        uint64 rail = railOfSeed(seed);
        try storageRails.copyPieces(rail, uint32(1 + (seed >> 8) % 3)) {} catch {}
        uint64 lost = storageRails.railAt(rail).lost;
        try storageRails.completeRepair(rail) {
            ++done["repair"];
            if (storageRails.railAt(lost - 1).state != RailState.Closed) forged = true;
        } catch {}
        vm.prank(stranger);
        try storageRails.failRepair(rail) {
            ++done["fail"];
            if (storageRails.railAt(rail).device == 0 && possessionProofs.setOf(storageRails.railAt(rail).set).faults > 0) {
                honestWasHindered = true;
            }
        } catch {}
    }

    /// @dev Everybody leaves: whatever state the rails are in, all credits get out without anybody's help but the payer's.
    function leaveAll() external returns (uint256 left) {
        uint64 count = storageRails.railCount();
        for (uint64 rail; rail < count; ++rail) {
            vm.prank(payer);
            try storageRails.end(rail) {} catch {}
        }
        warpToPeriod(periodNow() + 20);
        for (uint64 rail; rail < count; ++rail) {
            try storageRails.completeRepair(rail) {} catch {}
            vm.prank(payer);
            try storageRails.failRepair(rail) {} catch {}
        }
        for (uint64 rail; rail < count; ++rail) {
            vm.prank(payer);
            try storageRails.end(rail) {} catch {}
        }
        warpToPeriod(periodNow() + 20);
        for (uint64 rail; rail < count; ++rail) {
            settle(rail);
            withdraw(rail | 1 << 8);
            left += credits.lockedOf(network, rail).credits;
        }
    }

    function railOfSeed(uint256 seed) public view returns (uint64) {
        return uint64((seed & 0xff) % storageRails.railCount());
    }

    function count() external view returns (uint64) {
        return storageRails.railCount();
    }

    function look(uint64 rail) external view returns (Rail memory r, RailAccount memory a, uint88 leafPeriods) {
        r = storageRails.railAt(rail);
        return (r, accountOf(rail), possessionProofs.setOf(r.set).leafPeriods);
    }

    function inRails() external view returns (uint256 has, uint256 tokens) {
        for (uint64 rail; rail < storageRails.railCount(); ++rail) {
            has += credits.lockedOf(network, rail).credits;
            tokens += credits.lockedOf(network, rail).tokens;
        }
        tokens += credits.accountOf(network, payer).tokens;
    }

    function inContract() external view returns (uint256) {
        return token.balanceOf(address(credits));
    }

    function _prove(uint64 rail, uint32 period) private {
        uint64 set = storageRails.railAt(rail).set;
        DataSet memory kept = possessionProofs.setOf(set);
        uint64 range = kept.frozenFor == period + 1 ? kept.frozenLeaves : kept.leaves;
        bool owes = range > 0 && kept.proven != period + 1 && (kept.endsAfter == 0 || period < kept.endsAfter);
        try possessionProofs.prove(set, answers(set)) {
            proofPay[rail] += range;
            ++done["prove"];
        } catch {
            if (owes) honestWasHindered = true;
        }
    }
}

/// @notice Spec 10, Rails, invariants 1 to 4.
contract RailsInvariants is RailsWorld {
    RailsActors private _actors;

    function setUp() public override {
        _actors = new RailsActors();
        _actors.setUp();
        bytes4[] memory acts = new bytes4[](12);
        acts[0] = RailsActors.openOne.selector;
        acts[1] = RailsActors.topUp.selector;
        acts[2] = RailsActors.grow.selector;
        acts[3] = RailsActors.shrink.selector;
        acts[4] = RailsActors.work.selector;
        acts[5] = RailsActors.sleep.selector;
        acts[6] = RailsActors.settle.selector;
        acts[7] = RailsActors.end.selector;
        acts[8] = RailsActors.lose.selector;
        acts[9] = RailsActors.withdraw.selector;
        acts[10] = RailsActors.succeed.selector;
        acts[11] = RailsActors.tend.selector;
        targetSelector(FuzzSelector(address(_actors), acts));
        targetContract(address(_actors));
    }

    function invariant_RailsPayWhatWasProvenAndNothingElse() public view {
        (uint256 has, uint256 tokens) = _actors.inRails();
        assertEq(has + _actors.settled() + _actors.takenOut(), _actors.putIn(), "credits came or went by another way");
        assertEq(tokens, _actors.inContract(), "what rails and accounts have is there");
        assertFalse(_actors.paidAnother(), "another than the device's owner was paid");
        assertFalse(_actors.forged(), "somebody did what is not his");
        assertFalse(_actors.honestWasHindered(), "who kept everything could not prove, or was called lost");
        for (uint64 rail; rail < _actors.count(); ++rail) {
            (Rail memory r, RailAccount memory a, uint88 leafPeriods) = _actors.look(rail);
            assertEq(leafPeriods, _actors.proofPay(rail), "leaf-periods are those of the proofs");
            assertEq(a.earned, _actors.proofPay(rail), "a credit for each leaf and period");
            assertLe(uint256(r.paid) + a.due, uint256(a.earned) - a.held + r.reward, "more is paid than was earned");
        }
    }

    /// @notice No state holds credits for good.
    function afterInvariant() external {
        assertEq(_actors.leaveAll(), 0, "credits stay in a rail that everybody left");
        invariant_RailsPayWhatWasProvenAndNothingElse();
    }

    /// @notice The world can do what it is about.
    function test_default_TheWorldLives() external {
        for (uint256 i; i < 150; ++i) {
            uint256 seed = uint256(keccak256(abi.encode(i)));
            _actors.openOne(seed);
            _actors.grow(seed | 1 << 24);
            _actors.work(seed);
            _actors.settle(seed);
            if (i % 5 == 0) _actors.sleep(seed);
            for (uint256 k; k < 12; ++k) {
                _actors.lose(k);
                _actors.succeed(k | (seed >> k << 8));
                for (uint256 j; j < 4; ++j) {
                    _actors.tend(k | 2 << 8);
                }
            }
            _actors.end(seed);
        }
        assertGt(_actors.done("prove"), 0, "prove");
        assertGt(_actors.done("settle"), 0, "settle");
        assertGt(_actors.done("lose"), 0, "lose");
        assertGt(_actors.done("succeed"), 0, "succeed");
        assertGt(_actors.done("repair"), 0, "repair");
        assertGt(_actors.done("fail"), 0, "fail");
        assertEq(_actors.leaveAll(), 0, "credits stay in a rail that everybody left");
        invariant_RailsPayWhatWasProvenAndNothingElse();
    }
}
