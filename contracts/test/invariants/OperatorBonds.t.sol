// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {OperatorBonds} from "../../src/OperatorBonds.sol";
import {WorkProof} from "../../src/interfaces/IChallenges.sol";
import {Slot} from "../../src/interfaces/IEvidence.sol";
import {BondTerms, DeviceBond} from "../../src/interfaces/IOperatorBonds.sol";
import {RootRecord} from "../../src/interfaces/ISettlement.sol";
import {NetworkId} from "../../src/types/NetworkId.sol";
import {Root, WorkLeaf, rootId} from "../../src/types/Root.sol";
import {Timeline} from "../../src/types/Timeline.sol";
import {Foundation} from "../Foundation.sol";
import {TreeBuilder} from "../TreeBuilder.sol";

/// @notice Settlement and evidence as the bonds see them: slots, and roots that become final some time after they were made.
contract RootsStub {
    struct Made {
        Root root;
        bytes32 id;
        uint64 finalAt;
    }

    Made[] private _made;
    mapping(bytes32 id => uint256 placePlusOne) private _places;
    Slot[] private _slots;

    function addSlot(uint32 epoch, uint32 sealedIn) external {
        Slot memory slot;
        (slot.epoch, slot.sealedIn) = (epoch, sealedIn);
        _slots.push(slot);
    }

    function addRoot(NetworkId network, Root calldata root, uint64 finalAt) external {
        bytes32 id = rootId(network, root);
        _made.push(Made(root, id, finalAt));
        _places[id] = _made.length;
    }

    function made(uint256 i) external view returns (Made memory) {
        return _made[i];
    }

    /// @notice When the first root that covers the slot is final; far away if none does yet.
    function finalAt(uint32 slot) external view returns (uint64) {
        for (uint256 i; i < _made.length; ++i) {
            if (_made[i].root.evidenceEnd > slot) return _made[i].finalAt;
        }
        return type(uint64).max;
    }

    function count() external view returns (uint256) {
        return _made.length;
    }

    function finalTop(NetworkId, bytes32 id) external view returns (bytes32) {
        uint256 place = _places[id];
        if (place == 0 || block.timestamp < _made[place - 1].finalAt) return 0;
        return bytes32(uint256(1));
    }

    function recordOf(bytes32 id) external view returns (RootRecord memory record) {
        record.evidenceEnd = _made[_places[id] - 1].root.evidenceEnd;
    }

    function slotCount(NetworkId) external view returns (uint32) {
        return uint32(_slots.length);
    }

    function slotOf(NetworkId, uint32 slot) external view returns (Slot memory) {
        return _slots[slot];
    }

    /// @dev As the possession proofs: no device of this world ever had a data set.
    function longestPeriodOf(NetworkId, uint32) external pure returns (uint16) {
        return 0;
    }
}

/// @notice Owners who deposit, flee, trade devices and slash themselves; and a chain of roots that finds faults.
contract BondsWorld is Foundation {
    uint32 internal constant DEVICES = 4;

    OperatorBonds public bonds;
    RootsStub public roots;
    WorkLeaf[4][] private _leaves; // by root
    mapping(bytes32 action => uint256) public done;
    uint256 public supplyAtStart;
    uint256 public deposited;
    uint256 public paid; // to owners
    uint256 public rewarded; // to callers
    bool public leftTooEarly;
    bool public gainedBySlash;

    function setUp() public override {
        super.setUp();
        roots = new RootsStub();
        bonds = new OperatorBonds(address(networks), address(devices), address(roots), address(roots), address(roots));
        for (uint256 i; i < DEVICES; ++i) {
            register(who(i), 1000 + i);
        }
        for (uint256 i; i < 2; ++i) {
            token.transfer(who(i), 1000 ether);
            vm.prank(who(i));
            token.approve(address(bonds), type(uint256).max);
        }
        vm.warp(GENESIS - 1);
        changeTerms(0);
        supplyAtStart = token.totalSupply();
        vm.warp(GENESIS + 1);
    }

    function who(uint256 seed) public view returns (address) {
        return seed % 2 == 0 ? alice : bob;
    }

    function changeTerms(uint256 seed) public {
        BondTerms memory t;
        t.faultProgram = uint8(2 + seed % 2);
        t.forgiveEpochs = 1 + uint32(seed >> 8) % 20;
        t.scores = [uint32(1), 2, 5, 9];
        t.bps = [uint16(10), 1_000, 4_000, 10_000];
        vm.prank(governor);
        bonds.setTerms(network, t);
    }

    function deposit(uint256 seed, uint128 amount) external {
        amount = 1 + amount % 50 ether;
        vm.prank(who(seed));
        try bonds.deposit(network, uint32(seed >> 8) % DEVICES, amount) {
            deposited += amount;
            ++done["deposit"];
        } catch {}
    }

    function exit(uint256 seed, uint128 amount) external {
        uint32 index = uint32(seed >> 8) % DEVICES;
        amount = amount % (bonds.bondOf(network, index).amount + 2);
        vm.prank(who(seed));
        try bonds.requestExit(network, index, amount) {} catch {}
    }

    function trade(uint256 seed) external {
        uint256 id = network.deviceId(uint32(seed >> 8) % DEVICES);
        vm.prank(who(seed));
        try devices.transferFrom(who(seed), who(seed + 1), id) {} catch {}
    }

    /// @dev Time goes on; now and then evidence is committed and a root made of what can be attested. It is final a day later.
    function live(uint256 seed) public {
        vm.warp(vm.getBlockTimestamp() + seed % 3 hours);
        Timeline memory t = networks.timelineOf(network);
        uint32 sealing = t.sealingAt(block.timestamp);
        if (seed >> 32 & 1 == 0) {
            uint32 epoch = sealing;
            if (block.timestamp < t.epochEnd(epoch) && epoch > 0) epoch -= 1;
            if (block.timestamp >= t.epochEnd(epoch) && block.timestamp < t.attestEnd(epoch)) {
                roots.addSlot(epoch, sealing);
            }
        }
        if (seed >> 33 & 3 != 0 || block.timestamp < t.availabilityEnd(0)) return;
        _addRoot(seed, t);
    }

    function sleep(uint256 seed) external {
        vm.warp(vm.getBlockTimestamp() + seed % 4 days);
    }

    function execute(uint256 seed) public {
        uint256 count = roots.count();
        if (count == 0) return;
        uint256 i = (seed >> 8) % count;
        uint256 index = (seed >> 40) % DEVICES;
        address caller = who(seed);
        WorkProof memory proof = WorkProof(_leaves[i][index], _siblings(i, index));
        uint256 before = token.balanceOf(caller);
        RootsStub.Made memory made = roots.made(i);
        vm.prank(caller);
        try bonds.slash(network, made.root, proof) returns (uint128 taken) {
            uint256 reward = token.balanceOf(caller) - before;
            rewarded += reward;
            if (reward * 20 > taken) gainedBySlash = true;
            ++done[taken > 0 ? bytes32("slash") : bytes32("warning")];
        } catch {}
    }

    /// @dev Clears and withdraws as soon as it can be done, sometimes in the block in which a root becomes final.
    function leave(uint256 seed) external {
        uint32 index = uint32(seed >> 8) % DEVICES;
        uint256 count = roots.count();
        uint256 back = 1 + (seed >> 24) % 32;
        bytes32 id = count < back || seed >> 16 & 7 == 0 ? bytes32(0) : roots.made(count - back).id;
        try bonds.clearExit(network, index, id) {} catch {}
        DeviceBond memory bond = bonds.bondOf(network, index);
        if (seed >> 20 & 1 == 0 && bond.withdrawableAt > block.timestamp && bond.cleared) {
            vm.warp(bond.withdrawableAt);
        }
        vm.prank(who(seed));
        try bonds.withdraw(network, index) returns (uint128 amount) {
            paid += amount;
            ++done["withdraw"];
            _checkDeparture(bond.exitEpoch);
        } catch {}
    }

    function inBonds() external view returns (uint256 sum) {
        for (uint32 i; i < DEVICES; ++i) {
            DeviceBond memory bond = bonds.bondOf(network, i);
            sum += bond.amount;
            assertLe(bond.exiting, bond.amount);
        }
    }

    function held() external view returns (uint256) {
        return token.balanceOf(address(bonds));
    }

    function burned() external view returns (uint256) {
        return supplyAtStart - token.totalSupply();
    }

    /// @dev Every report of the epochs in which the bond counted is under a root that has been final for the time to execute it.
    function _checkDeparture(uint32 exitEpoch) private {
        uint256 finalBefore = block.timestamp - networks.timelineOf(network).responseSeconds;
        for (uint32 slot; slot < roots.slotCount(network); ++slot) {
            if (roots.slotOf(network, slot).epoch >= exitEpoch) continue;
            if (roots.finalAt(slot) > finalBefore) leftTooEarly = true;
        }
    }

    function _addRoot(uint256 seed, Timeline memory t) private {
        Root memory root;
        uint256 count = roots.count();
        uint32 end;
        if (count > 0) {
            Root memory parent = roots.made(count - 1).root;
            (root.parent, root.first, end) =
                (roots.made(count - 1).id, parent.last + 1, parent.evidenceEnd);
        }
        root.last = root.first;
        if (block.timestamp < t.availabilityEnd(root.last)) return;
        while (block.timestamp >= t.availabilityEnd(root.last + 1)) ++root.last;
        while (end < roots.slotCount(network) && roots.slotOf(network, end).sealedIn <= root.last) ++end;
        root.evidenceEnd = end;
        root.deviceCount = DEVICES;
        WorkLeaf[4] storage leaves = _leaves.push();
        for (uint32 i; i < DEVICES; ++i) {
            leaves[i].index = i;
            leaves[i].work[2] = uint96(seed >> (40 + 8 * i)) % 4;
            leaves[i].work[3] = uint96(seed >> (80 + 8 * i)) % 3;
        }
        bytes memory top = TreeBuilder.top(_levels(count));
        root.workHash = TreeBuilder.hashOf(top);
        root.workSums = TreeBuilder.sumsOf(top);
        roots.addRoot(network, root, uint64(block.timestamp + t.challengeSeconds));
    }

    function _levels(uint256 i) private view returns (bytes[][] memory) {
        bytes[] memory leaves = new bytes[](DEVICES);
        for (uint256 k; k < DEVICES; ++k) {
            leaves[k] = TreeBuilder.workLeaf(_leaves[i][k]);
        }
        return TreeBuilder.build(TreeBuilder.WORK, leaves);
    }

    function _siblings(uint256 i, uint256 index) private view returns (bytes memory) {
        return TreeBuilder.siblings(_levels(i), 0, index);
    }
}

/// @notice What devices have at stake is there, nobody leaves before its faults can be executed, and being slashed never pays.
contract OperatorBondsInvariants is Foundation {
    BondsWorld private world;

    function setUp() public override {
        world = new BondsWorld();
        world.setUp();
        bytes4[] memory acts = new bytes4[](8);
        acts[0] = BondsWorld.deposit.selector;
        acts[1] = BondsWorld.exit.selector;
        acts[2] = BondsWorld.trade.selector;
        acts[3] = BondsWorld.live.selector;
        acts[4] = BondsWorld.sleep.selector;
        acts[5] = BondsWorld.execute.selector;
        acts[6] = BondsWorld.leave.selector;
        acts[7] = BondsWorld.changeTerms.selector;
        targetSelector(FuzzSelector(address(world), acts));
        targetContract(address(world));
    }

    function invariant_BondsAreThere() external view {
        assertEq(world.inBonds(), world.held(), "what devices have is there");
        assertEq(
            world.deposited(),
            world.held() + world.paid() + world.burned() + world.rewarded(),
            "nothing went elsewhere"
        );
        assertFalse(world.leftTooEarly(), "a bond left before its faults could be executed");
        assertFalse(world.gainedBySlash(), "a slash paid its caller too much");
    }

    /// @notice The world can do what it is about: bonds are slashed, and leave.
    function test_default_TheWorldLives() external {
        for (uint256 i; i < 100; ++i) {
            // Everything about device 0, whoever has it; time goes on by an hour and a half on average, with a root each time.
            uint256 seed = uint256(keccak256(abi.encode(i))) & ~uint256(0xff00 | 0x3 << 33);
            if (i < 8) world.deposit(seed, 40 ether);
            world.live(seed);
            world.execute(seed & ~uint256(0xff << 40));
            if (i == 10) world.exit(0, 1 ether);
            if (i > 40) world.leave(seed);
        }
        assertGt(world.done("deposit"), 0, "deposit");
        assertGt(world.done("slash"), 0, "slash");
        assertGt(world.done("withdraw"), 0, "withdraw");
        this.invariant_BondsAreThere();
    }
}
