// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {FixedEmission} from "../src/FixedEmission.sol";
import {NetworkToken} from "../src/NetworkToken.sol";
import {PayoutProof, VerdictProof, WorkProof} from "../src/interfaces/IChallenges.sol";
import {ICommitReveal} from "../src/interfaces/ICommitReveal.sol";
import {DeviceKey, Signature} from "../src/interfaces/IDevices.sol";
import {Backing} from "../src/interfaces/IDisputes.sol";
import {NetworkConfig} from "../src/interfaces/INetworks.sol";
import {Role} from "../src/interfaces/IStake.sol";
import {NetworkId} from "../src/types/NetworkId.sol";
import {PayoutNode, Root, Tops, VerdictEntry, WorkLeaf, WorkNode, rootId} from "../src/types/Root.sol";
import {Timeline} from "../src/types/Timeline.sol";
import {Deployment} from "./Deployment.sol";
import {TreeBuilder} from "./TreeBuilder.sol";

/// @notice A network on the real contracts: three verifiers, two ingests, four devices, all from epoch 0; and a maker of roots, honest unless a test spoils the draft.
abstract contract SettlementWorld is Deployment {
    uint256 internal constant P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551;
    uint64 internal constant GENESIS = 1_800_000_000;
    uint32 internal constant EPOCH = 3600;
    uint32 internal constant SEAL = 300;
    uint32 internal constant AVAILABILITY = 600;
    uint32 internal constant ATTEST = 1200;
    uint32 internal constant CHALLENGE = 1 days;
    uint32 internal constant RESPONSE = 1 hours;
    uint32 internal constant QUEUE = 60;
    uint32 internal constant DEVICES = 4;
    bytes internal constant RULESET = '{"version":1}';

    /// @notice All a root is made from. A test spoils what it likes before `close`.
    struct Draft {
        Root root;
        Root parent;
        VerdictEntry[][] verdicts; // by device
        WorkLeaf[] work; // verdictHash and verdictCount are set by close
        uint128[] cumulative;
        bytes[] carry;
        TreeBuilder.Tamper payoutTamper;
        TreeBuilder.Tamper workTamper;
        TreeBuilder.Tamper verdictTamper; // in the tree of device 0
        bytes[][] payoutLevels;
        bytes[][] workLevels;
        bytes[][] carryLevels;
        bytes[][][] verdictLevels;
    }

    /// @notice A report with everything that backs it.
    struct Report {
        bytes header;
        bytes32 hash;
        Signature signature;
        bytes[] observations;
        bytes[][] bodyLevels;
    }

    address internal governor = makeAddr("governor");
    address internal guardian = makeAddr("guardian");
    address internal watcher = makeAddr("watcher");
    address internal stranger = makeAddr("stranger");
    address[3] internal verifiers = [makeAddr("verifier 0"), makeAddr("verifier 1"), makeAddr("verifier 2")];
    uint256 internal constant INGEST_KEY = 0xa11ce;
    uint256 internal constant OTHER_INGEST_KEY = 0xb0b;
    address internal ingest = vm.addr(INGEST_KEY);
    address internal otherIngest = vm.addr(OTHER_INGEST_KEY);

    NetworkToken internal token;
    FixedEmission internal emission;
    NetworkId internal network;

    Report[] internal reports; // of epoch 0, in the order of the log
    bytes[][] internal evidenceLevels;

    function setUp() public virtual {
        vm.warp(GENESIS - 1000);
        vm.roll(100);
        deploy();
        emission = new FixedEmission(1000 ether, 1000, 3);
        (network, token,,) =
            createNetwork(config(), emission, 1e27, "example", RULESET, [uint16(7_000), 3_000, 0, 0]);
        for (uint256 i; i < 3; ++i) {
            deposit(Role.Verifier, verifiers[i], 200 ether);
        }
        deposit(Role.Ingest, ingest, 100 ether);
        deposit(Role.Ingest, otherIngest, 100 ether);
        for (uint256 i; i < DEVICES; ++i) {
            _register(i);
        }
        fund(watcher, address(disputes));
    }

    function config() internal view virtual returns (NetworkConfig memory c) {
        c.owner = governor;
        c.guardian = guardian;
        c.token = address(token);
        c.emission = emission;
        c.timeline = Timeline(GENESIS, EPOCH, SEAL, AVAILABILITY, ATTEST, CHALLENGE, RESPONSE, QUEUE, 3 days);
        c.ingestBond = 100 ether;
        c.verifierBond = 200 ether;
        c.challengeBond = 10 ether;
        c.reportsPerEpoch = 1000;
        c.verifierShareBps = 500;
        c.name = "Example";
    }

    function fund(address holder, address spender) internal {
        token.transfer(holder, 1000 ether);
        vm.prank(holder);
        token.approve(spender, type(uint256).max);
    }

    function deposit(Role role, address holder, uint128 amount) internal {
        token.transfer(holder, amount);
        vm.startPrank(holder);
        token.approve(address(stake), amount);
        stake.deposit(network, role, amount);
        vm.stopPrank();
    }

    function warpToSealing(uint32 epoch) internal {
        vm.warp(GENESIS + uint256(epoch + 1) * EPOCH);
    }

    function warpToAvailability(uint32 epoch) internal {
        vm.warp(GENESIS + uint256(epoch + 1) * EPOCH + SEAL);
    }

    function warpToAttesting(uint32 epoch) internal {
        vm.warp(GENESIS + uint256(epoch + 1) * EPOCH + SEAL + AVAILABILITY);
    }

    /// @dev From here on nothing can be committed for the epoch any more, late or not.
    function warpToAttestEnd(uint32 epoch) internal {
        vm.warp(GENESIS + (uint256(epoch) + 1) * EPOCH + SEAL + AVAILABILITY + ATTEST);
    }

    // ---- devices and reports

    function ownerOf(uint256 device) internal returns (address) {
        return makeAddr(string.concat("owner ", vm.toString(device)));
    }

    function secretOf(uint256 device) internal pure returns (uint256) {
        return 1000 + device;
    }

    function keyOf(uint256 device) internal pure returns (DeviceKey memory) {
        (uint256 x, uint256 y) = vm.publicKeyP256(secretOf(device));
        return DeviceKey(bytes32(x), bytes32(y));
    }

    function sign(uint256 device, bytes32 digest) internal pure returns (Signature memory) {
        (bytes32 r, bytes32 s) = vm.signP256(secretOf(device), digest);
        return Signature(r, uint256(s) > P256_ORDER / 2 ? bytes32(P256_ORDER - uint256(s)) : s);
    }

    function _register(uint256 device) internal {
        address owner = ownerOf(device);
        Signature memory signature = sign(device, devices.onboardDigest(network, owner, 1));
        vm.prank(owner);
        devices.register(network, 1, keyOf(device), signature, "");
    }

    function makeReport(uint32 device, uint32 epoch, uint32 sequence, uint16 count)
        internal
        view
        returns (Report memory r)
    {
        r.observations = new bytes[](count);
        bytes[] memory leaves = new bytes[](count);
        for (uint256 i; i < count; ++i) {
            r.observations[i] = abi.encodePacked("observation ", device, sequence, i);
            leaves[i] = TreeBuilder.plainLeaf(TreeBuilder.BODY, r.observations[i]);
        }
        r.bodyLevels = TreeBuilder.build(TreeBuilder.BODY, leaves);
        r.header = abi.encodePacked(
            uint8(1),
            NetworkId.unwrap(network),
            device,
            epoch,
            sequence,
            uint64(1),
            count,
            TreeBuilder.top(r.bodyLevels)
        );
        resign(r, device);
    }

    function resign(Report memory r, uint32 device) internal pure {
        r.hash = sha256(abi.encodePacked(hex"846a5369676e61747572653143a10126405853", r.header));
        r.signature = sign(device, r.hash);
    }

    function evidenceTree(Report[] memory log) internal pure returns (bytes[][] memory) {
        bytes[] memory leaves = new bytes[](log.length);
        for (uint256 i; i < log.length; ++i) {
            leaves[i] = recordLeaf(log[i]);
        }
        return TreeBuilder.build(TreeBuilder.EVIDENCE, leaves);
    }

    function recordLeaf(Report memory r) internal pure returns (bytes memory) {
        bytes32 recordHash = keccak256(abi.encodePacked(uint8(3), r.hash, r.signature.r, r.signature.s));
        return TreeBuilder.plainLeaf(TreeBuilder.EVIDENCE, abi.encodePacked(recordHash));
    }

    /// @dev Epoch 0: device 0 has two reports of two observations, devices 1 and 2 have one of one; the log is sealed by the first ingest.
    function sealEvidence() internal {
        reports.push(makeReport(0, 0, 1, 2));
        reports.push(makeReport(1, 0, 1, 1));
        reports.push(makeReport(0, 0, 2, 2));
        reports.push(makeReport(2, 0, 1, 1));
        Report[] memory log = new Report[](4);
        for (uint256 i; i < 4; ++i) {
            log[i] = reports[i];
        }
        evidenceLevels = evidenceTree(log);
        warpToSealing(0);
        vm.prank(ingest);
        evidence.commit(network, 0, TreeBuilder.hashOf(TreeBuilder.top(evidenceLevels)), 4, 4000);
    }

    // ---- roots

    /// @dev The honest first root, over epoch 0 and the sealed evidence.
    function honestDraft() internal view returns (Draft memory d) {
        d.root.evidenceEnd = evidence.slotCount(network);
        d.root.evidenceSet = (1 << d.root.evidenceEnd) - 1;
        d.root.ruleset = keccak256(RULESET);
        d.root.deviceCount = DEVICES;
        d.verdicts = new VerdictEntry[][](DEVICES);
        d.verdicts[0] = new VerdictEntry[](4);
        d.verdicts[0][0] = entryOf(0, 0, 10, 5);
        d.verdicts[0][1] = entryOf(0, 1, 20, 0);
        d.verdicts[0][2] = entryOf(2, 0, 30, 0);
        d.verdicts[0][3] = entryOf(2, 1, 0, 0);
        d.verdicts[1] = new VerdictEntry[](1);
        d.verdicts[1][0] = entryOf(1, 0, 40, 0);
        d.verdicts[2] = new VerdictEntry[](1);
        d.verdicts[2][0] = entryOf(3, 0, 0, 9);
        d.verdicts[3] = new VerdictEntry[](0);
        d.carry = new bytes[](3);
        for (uint256 i; i < 3; ++i) {
            d.carry[i] = abi.encodePacked(bytes32(i + 1), uint32(0), "carry");
        }
        d.work = new WorkLeaf[](DEVICES);
        for (uint256 i; i < DEVICES; ++i) {
            d.work[i] = sumWork(uint32(i), d.verdicts[i]);
        }
        d.cumulative = new uint128[](DEVICES);
        payOut(d);
        close(d);
    }

    function entryOf(uint32 index, uint16 observation, uint96 first, uint96 second)
        internal
        pure
        returns (VerdictEntry memory entry)
    {
        entry.index = index;
        entry.observation = observation;
        (entry.work[0], entry.work[1]) = (first, second);
        if (first == 0 && second == 0) entry.reason = 100;
    }

    function sumWork(uint32 index, VerdictEntry[] memory entries)
        internal
        pure
        returns (WorkLeaf memory leaf)
    {
        leaf.index = index;
        for (uint256 i; i < entries.length; ++i) {
            for (uint256 p; p < 4; ++p) {
                leaf.work[p] += entries[i].work[p];
            }
        }
    }

    /// @dev Adds ⌊pot · work / total⌋ of the range to every device.
    function payOut(Draft memory d) internal view {
        uint128[4] memory pots = budgets.budgetOf(network, d.root.first, d.root.last);
        for (uint256 p; p < 4; ++p) {
            uint256 total;
            for (uint256 i; i < d.work.length; ++i) {
                total += d.work[i].work[p];
            }
            if (total == 0) continue;
            for (uint256 i; i < d.work.length; ++i) {
                d.cumulative[i] += uint128(uint256(pots[p]) * d.work[i].work[p] / total);
            }
        }
    }

    /// @dev Builds the trees from what the draft says, true or not.
    function close(Draft memory d) internal pure {
        uint256 count = d.work.length;
        d.verdictLevels = new bytes[][][](count);
        bytes[] memory workLeaves = new bytes[](count);
        bytes[] memory payoutLeaves = new bytes[](count);
        TreeBuilder.Tamper memory none;
        for (uint256 i; i < count; ++i) {
            bytes[] memory entries = new bytes[](d.verdicts[i].length);
            for (uint256 k; k < entries.length; ++k) {
                entries[k] = TreeBuilder.verdictLeaf(d.verdicts[i][k]);
            }
            d.verdictLevels[i] =
                TreeBuilder.build(TreeBuilder.VERDICT, entries, i == 0 ? d.verdictTamper : none);
            d.work[i].verdictHash = TreeBuilder.hashOf(TreeBuilder.top(d.verdictLevels[i]));
            d.work[i].verdictCount = uint32(entries.length);
            workLeaves[i] = TreeBuilder.workLeaf(d.work[i]);
            payoutLeaves[i] = TreeBuilder.payoutLeaf(uint32(i), d.cumulative[i]);
        }
        d.workLevels = TreeBuilder.build(TreeBuilder.WORK, workLeaves, d.workTamper);
        d.payoutLevels = TreeBuilder.build(TreeBuilder.PAYOUT, payoutLeaves, d.payoutTamper);
        bytes[] memory carryLeaves = new bytes[](d.carry.length);
        for (uint256 i; i < carryLeaves.length; ++i) {
            carryLeaves[i] = TreeBuilder.plainLeaf(TreeBuilder.CARRY, d.carry[i]);
        }
        d.carryLevels = TreeBuilder.build(TreeBuilder.CARRY, carryLeaves);
        d.root.payoutHash = TreeBuilder.hashOf(TreeBuilder.top(d.payoutLevels));
        d.root.payoutSum = TreeBuilder.sumAt(TreeBuilder.top(d.payoutLevels), 0);
        d.root.workHash = TreeBuilder.hashOf(TreeBuilder.top(d.workLevels));
        d.root.workSums = TreeBuilder.sumsOf(TreeBuilder.top(d.workLevels));
        d.root.carryHash = TreeBuilder.hashOf(TreeBuilder.top(d.carryLevels));
        d.root.carryCount = uint32(d.carry.length);
    }

    function idOf(Draft memory d) internal view returns (bytes32) {
        return rootId(network, d.root);
    }

    function topsOf(Draft memory d) internal pure returns (Tops memory t) {
        if (d.root.deviceCount <= 1) return t;
        bytes[] memory p = d.payoutLevels[d.payoutLevels.length - 2];
        bytes[] memory w = d.workLevels[d.workLevels.length - 2];
        t.payoutLeft = payoutNode(p[0]);
        t.payoutRight = payoutNode(p[1]);
        t.workLeft = workNode(w[0]);
        t.workRight = workNode(w[1]);
    }

    function payoutNode(bytes memory node) internal pure returns (PayoutNode memory) {
        return PayoutNode(TreeBuilder.hashOf(node), TreeBuilder.sumAt(node, 0));
    }

    function workNode(bytes memory node) internal pure returns (WorkNode memory) {
        return WorkNode(TreeBuilder.hashOf(node), TreeBuilder.sumsOf(node));
    }

    function payoutProof(Draft memory d, uint256 index) internal pure returns (PayoutProof memory) {
        return PayoutProof(d.cumulative[index], TreeBuilder.siblings(d.payoutLevels, 0, index));
    }

    function workProof(Draft memory d, uint256 index) internal pure returns (WorkProof memory) {
        return WorkProof(d.work[index], TreeBuilder.siblings(d.workLevels, 0, index));
    }

    function verdictProof(Draft memory d, uint256 index, uint32 position)
        internal
        pure
        returns (VerdictProof memory)
    {
        return VerdictProof(
            d.verdicts[index][position], position, TreeBuilder.siblings(d.verdictLevels[index], 0, position)
        );
    }

    function backingOf(Report memory r, uint32 device, uint32 index, uint16 observation)
        internal
        view
        returns (Backing memory)
    {
        return Backing(
            r.header,
            keyOf(device),
            r.signature,
            TreeBuilder.path(evidenceLevels, index),
            r.observations[observation],
            TreeBuilder.path(r.bodyLevels, observation)
        );
    }

    function attestBy(uint256 verifier, Draft memory d) internal returns (bytes32) {
        Tops memory tops = topsOf(d);
        vm.prank(verifiers[verifier]);
        return settlement.attest(network, d.root, tops, 0);
    }

    /// @dev Two of three verifiers attest it: accepted.
    function accept(Draft memory d) internal returns (bytes32 id) {
        for (uint256 i; i < 2; ++i) {
            id = attestBy(i, d);
        }
    }

    /// @dev The honest root of epoch 0 accepted.
    function acceptHonest() internal returns (Draft memory d, bytes32 id) {
        sealEvidence();
        warpToAttesting(0);
        d = honestDraft();
        id = accept(d);
    }

    /// @dev An idle root on top of the draft's: nothing but what the parent said, one epoch on.
    function idleChild(Draft memory p, uint32 last) internal view returns (Draft memory d) {
        d = copyOf(p);
        d.parent = p.root;
        d.root.parent = idOf(p);
        d.root.first = p.root.last + 1;
        d.root.last = last;
        d.root.evidenceEnd = evidence.slotCount(network);
        d.root.evidenceSet = (1 << (d.root.evidenceEnd - p.root.evidenceEnd)) - 1;
        WorkLeaf memory none;
        for (uint32 i; i < d.work.length; ++i) {
            d.verdicts[i] = new VerdictEntry[](0);
            d.work[i] = none;
            d.work[i] = sumWork(i, d.verdicts[i]);
        }
        close(d);
    }

    function copyOf(Draft memory d) internal pure returns (Draft memory) {
        return abi.decode(abi.encode(d), (Draft));
    }

    // ---- announced calls

    function announce(address target, address challenger, bytes memory call) internal {
        ICommitReveal(target).commit(keccak256(abi.encode(challenger, keccak256(call))));
        vm.roll(block.number + 1);
    }

    function submit(address target, address challenger, bytes memory call) internal returns (bytes memory) {
        vm.prank(challenger);
        (bool done, bytes memory result) = target.call(call);
        if (!done) {
            assembly {
                revert(add(result, 0x20), mload(result))
            }
        }
        return result;
    }

    function challenge(address target, address challenger, bytes memory call)
        internal
        returns (bytes memory)
    {
        announce(target, challenger, call);
        return submit(target, challenger, call);
    }

    function expectChallengeRevert(address target, address challenger, bytes memory call, bytes memory fault)
        internal
    {
        announce(target, challenger, call);
        vm.expectRevert(fault);
        submit(target, challenger, call);
    }
}
