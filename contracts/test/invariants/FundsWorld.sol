// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {RewardVault} from "../../src/RewardVault.sol";
import {IChallenges, PayoutProof} from "../../src/interfaces/IChallenges.sol";
import {IDevices} from "../../src/interfaces/IDevices.sol";
import {INetworks} from "../../src/interfaces/INetworks.sol";
import {ISettlement, RootRecord} from "../../src/interfaces/ISettlement.sol";
import {IStake, Role} from "../../src/interfaces/IStake.sol";
import {IRewardVault} from "../../src/interfaces/IRewardVault.sol";
import {TreeBuilder} from "../TreeBuilder.sol";
import {FundsFlows} from "./FundsFlows.sol";

/// @notice Every verifier colludes; devices change hands; stakes come and go; the owner, the guardian and strangers try what is not theirs.
contract FundsWorld is FundsFlows {
    RewardVault public vault;

    uint256 public released;
    uint256 public claimed;
    uint256 public deposited; // by everybody, in every role
    uint256 public withdrawn;
    uint256 public slashed;
    mapping(Role => mapping(address => uint256)) public bondOf;
    mapping(bytes32 rootId => uint256) public delays;
    uint256 public delaysTooLong;
    bytes32 public overreach; // what somebody did that nobody may do
    address[] public people;

    function setUp() public override {
        super.setUp();
        vault = RewardVault(networks.vaultOf(network));
        for (uint256 i; i < 3; ++i) {
            people.push(verifiers[i]);
            _noteDeposit(Role.Verifier, verifiers[i], 200 ether);
        }
        people.push(ingest);
        people.push(otherIngest);
        _noteDeposit(Role.Ingest, ingest, 100 ether);
        _noteDeposit(Role.Ingest, otherIngest, 100 ether);
        people.push(stranger);
        people.push(governor);
        people.push(guardian);
    }

    // ---- colluding verifiers

    /// @notice All three attest a root over the next epochs, in one of the ways a liar may think of. Stake that is lacking is put down first.
    function collude(uint256 seed) external returns (bool ok) {
        // What is put down now counts from the next epoch.
        if (topUp()) advance(end(epochNow()));
        for (uint256 missed = random(seed, 2) % 3; missed > 0; --missed) {
            advance(end(epochNow()));
        }
        uint32 epoch = sealNext(seed, random(seed, 3) % 3, random(seed, 4) % 4);
        Draft memory d = draftOf(epoch, seed);
        uint256 way = random(seed, 5) % 6;
        if (way > 0) _lie(d, seed, way);
        ok = attestBy(d, 3);
        if (ok && way == 2) overreach = "over budget";
        if (ok && way == 3) overreach = "payouts shrank";
    }

    function finalise() external returns (bool ok) {
        bytes32 id = oldestOpen();
        uint256 before = token.balanceOf(reserve);
        ok = finaliseNext();
        if (!ok) return false;
        _noteFlow(address(vault), before);
        Draft memory d = _unpacked(id);
        released += d.root.payoutSum - d.parent.payoutSum;
    }

    function resolve(uint256 seed) external {
        seed = mixed(seed);
        if (accepted.length == 0) return;
        _resolve(accepted[seed % accepted.length], verifiers[(seed >> 128) % 3]);
    }

    /// @notice Pulls every slash there is to pull.
    function resolveRemoved() external {
        for (uint256 i; i < accepted.length; ++i) {
            for (uint256 k; k < 3 && settlement.isRemoved(accepted[i]); ++k) {
                _resolve(accepted[i], verifiers[k]);
            }
        }
    }

    function _resolve(bytes32 id, address verifier) private {
        uint256 bond = stake.slashableOf(network, Role.Verifier, verifier);
        uint256 before = token.balanceOf(reserve);
        (bool ok,) = attempt(
            "resolve", stranger, address(settlement), abi.encodeCall(ISettlement.resolve, (id, verifier))
        );
        if (!ok) return;
        _noteFlow(verifier, before);
        if (settlement.isRemoved(id)) _noteSlash(Role.Verifier, verifier, bond);
    }

    /// @notice A watcher that looks at a random leaf, and wins where the payout is a lie.
    function watch(uint256 seed) external {
        if (accepted.length == 0) return;
        // One of the newest: the others are mostly final by now.
        uint256 reach = accepted.length < 4 ? accepted.length : 4;
        Draft memory d = load(accepted[accepted.length - 1 - seed % reach]);
        uint256 index = (seed >> 128) % DEVICES;
        bytes memory call = abi.encodeCall(
            IChallenges.proveWrongPayout,
            (network, d.root, d.parent, payoutProof(d, index), parentProof(d, index), workProof(d, index), 0)
        );
        attemptAnnounced("proveWrongPayout", watcher, address(challenges), call);
    }

    // ---- claims

    function claim(uint256 seed) external {
        seed = mixed(seed);
        if (finals.length == 0) return;
        bytes32 id = finals[seed % finals.length];
        Draft memory d = load(id);
        uint32 index = uint32((seed >> 64) % DEVICES);
        uint128 amount = d.cumulative[index];
        PayoutProof memory proof = payoutProof(d, index);
        bytes32 action = "claim";
        if (seed >> 96 & 3 == 0) {
            action = "claim what is not so";
            amount += uint128(1 + (seed >> 192) % 1e21);
        }
        bytes memory call = abi.encodeCall(IRewardVault.claim, (id, index, amount, proof.siblings));
        if (_claim(action, stranger, call) && action != "claim") overreach = "false claim";
    }

    function claimBatch(uint256 seed) external {
        if (finals.length == 0) return;
        bytes32 id = finals[seed % finals.length];
        Draft memory d = load(id);
        _claim("claimBatch", stranger, abi.encodeCall(IRewardVault.claimBatch, (id, 0, d.cumulative, "")));
    }

    /// @notice A relayer sends what the owner signed.
    function claimWithAuthorization(uint256 seed) external {
        seed = mixed(seed);
        if (finals.length == 0) return;
        bytes32 id = finals[seed % finals.length];
        Draft memory d = load(id);
        uint32 index = uint32((seed >> 64) % DEVICES);
        uint256 device = network.deviceId(index);
        uint256 fee = (seed >> 160) % 1 ether;
        uint256 deadline = block.timestamp + 1 hours;
        bytes memory signature;
        {
            // Whoever owns it by now: a person of this world, and so one whose key is known by its name.
            (, uint256 key) = makeAddrAndKey(_nameOf(devices.ownerOf(device)));
            bytes32 digest = _authorization(device, watcher, d.cumulative[index], fee, deadline);
            (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
            signature = abi.encodePacked(r, s, v);
        }
        bytes memory call = abi.encodeCall(
            IRewardVault.claimWithAuthorization,
            (
                id,
                index,
                d.cumulative[index],
                payoutProof(d, index).siblings,
                watcher,
                fee,
                deadline,
                signature
            )
        );
        _claim("claimWithAuthorization", stranger, call);
    }

    function transfer(uint256 seed) external {
        seed = mixed(seed);
        uint256 device = network.deviceId(uint32(seed % DEVICES));
        address owner = devices.ownerOf(device);
        uint96 expected = devices.claimedOf(device);
        if (seed >> 64 & 1 == 1) expected += 1; // a stale offer
        bytes memory call = abi.encodeCall(
            IDevices.transferWithClaimed, (owner, ownerOf((seed >> 128) % DEVICES), device, expected)
        );
        (bool ok,) = attempt("transfer", owner, address(devices), call);
        if (ok && seed >> 64 & 1 == 1) overreach = "stale transfer";
    }

    // ---- stakes

    function deposit(uint256 seed, uint256 amount) external {
        seed = mixed(seed);
        (Role role, address holder) = _someone(seed);
        uint128 given = uint128(amount % 300 ether);
        if (stakeFor(role, holder, given)) _noteDeposit(role, holder, given);
    }

    function requestExit(uint256 seed, uint256 amount) external {
        seed = mixed(seed);
        (Role role, address holder) = _someone(seed);
        uint256 bond = bondOf[role][holder];
        if (seed >> 16 & 1 == 1) amount = bond;
        attempt(
            "requestExit",
            holder,
            address(stake),
            abi.encodeCall(IStake.requestExit, (network, role, uint128(amount % (bond + 2))))
        );
    }

    function withdraw(uint256 seed) external {
        seed = mixed(seed);
        (Role role, address holder) = _someone(seed);
        if (seed >> 16 & 1 == 1) advance(block.timestamp + 3 days);
        _withdraw(role, holder);
    }

    /// @notice One who leaves: asks for all, waits, and takes what it may take.
    function quit(uint256 seed) external {
        seed = mixed(seed);
        (Role role, address holder) = _someone(seed);
        attempt(
            "requestExit",
            holder,
            address(stake),
            abi.encodeCall(IStake.requestExit, (network, role, uint128(bondOf[role][holder])))
        );
        advance(block.timestamp + 3 days);
        _withdraw(role, holder);
    }

    function topUp() public returns (bool any) {
        for (uint256 i; i < 3; ++i) {
            any = _topUp(Role.Verifier, verifiers[i], 200 ether) || any;
        }
        any = _topUp(Role.Ingest, ingest, 100 ether) || any;
        any = _topUp(Role.Ingest, otherIngest, 100 ether) || any;
    }

    // ---- those with a key, and those without

    /// @notice The owner of the network as it pleases: rulesets, quarantines, makers, another owner.
    function govern(uint256 seed) external {
        seed = mixed(seed);
        uint256 what = seed % 4;
        if (what == 0) {
            _adopt(seed >> 8);
        } else if (what == 1) {
            _govern(abi.encodeCall(INetworks.quarantine, (network, bytes32(seed))));
        } else if (what == 2) {
            _govern(abi.encodeCall(INetworks.requireMaker, (network, uint16(seed >> 8), true)));
        } else {
            _govern(abi.encodeCall(INetworks.setMaker, (network, uint16(seed >> 8), stranger, true)));
        }
    }

    function delay(uint256 seed) external {
        seed = mixed(seed);
        if (accepted.length == 0) return;
        uint256 reach = accepted.length < 4 ? accepted.length : 4;
        bytes32 id = accepted[accepted.length - 1 - seed % reach];
        address caller = seed >> 128 & 3 == 0 ? people[(seed >> 130) % people.length] : guardian;
        RootRecord memory before = settlement.recordOf(id);
        (bool ok,) = attempt("delay", caller, address(settlement), abi.encodeCall(ISettlement.delay, (id)));
        if (!ok) return;
        if (caller != guardian) overreach = "delay by another";
        ++delays[id];
        if (settlement.recordOf(id).finalisableAt > before.finalisableAt + CHALLENGE) ++delaysTooLong;
    }

    /// @notice Calls that are another contract's alone. None may go through, whoever sends it.
    function trespass(uint256 seed) external {
        seed = mixed(seed);
        address caller = people[(seed >> 8) % people.length];
        address victim = people[(seed >> 16) % people.length];
        bytes32 id = accepted.length == 0 ? bytes32(seed) : accepted[(seed >> 24) % accepted.length];
        Role role = Role((seed >> 32) % 2);
        bytes[10] memory calls = [
            abi.encodeCall(IStake.slashAll, (network, role, victim, caller)),
            abi.encodeCall(IStake.attend, (network, victim, uint32(seed >> 48))),
            abi.encodeCall(IStake.dropLiability, (network, role, victim)),
            abi.encodeCall(ISettlement.remove, (id, 1, caller, 1)),
            abi.encodeCall(ISettlement.challengeOpened, (id)),
            abi.encodeCall(ISettlement.challengeClosed, (id)),
            abi.encodeWithSignature("releaseToVault(uint256)", 1 ether),
            abi.encodeWithSignature("payAttester(address,uint256)", caller, 1 ether),
            abi.encodeCall(IDevices.recordClaim, (network, uint32(seed >> 40) % DEVICES, 1e24)),
            abi.encodeWithSignature("payNeighbour(uint32,uint128)", 0, 1e24)
        ];
        address[10] memory targets = [
            address(stake),
            address(stake),
            address(stake),
            address(settlement),
            address(settlement),
            address(settlement),
            reserve,
            reserve,
            address(devices),
            address(vault)
        ];
        uint256 which = seed % 10;
        (bool ok,) = attempt("trespass", caller, targets[which], calls[which]);
        if (ok) overreach = "trespass";
    }

    // ---- what is so

    function budgetOfFinals() external view returns (uint256) {
        if (finals.length == 0) return 0;
        return emittedBefore(uint256(_unpacked(finals[finals.length - 1]).root.last) + 1);
    }

    function emittedToFinals() external view returns (uint256) {
        if (finals.length == 0) return 0;
        return emission.cumulative(_unpacked(finals[finals.length - 1]).root.last + 1);
    }

    function inReserve() external view returns (uint256 has, uint256 had) {
        return (token.balanceOf(reserve), emission.total());
    }

    function inVault() external view returns (uint256) {
        return token.balanceOf(address(vault));
    }

    function inStake() external view returns (uint256) {
        return token.balanceOf(address(stake));
    }

    function recordedClaims() external view returns (uint256 sum) {
        for (uint32 i; i < DEVICES; ++i) {
            sum += devices.claimedOf(network.deviceId(i));
        }
    }

    /// @notice Whether somebody's bond is another than the slashing paths and its own moves make it.
    function bondThatDiffers() external view returns (address) {
        for (uint256 i; i < people.length; ++i) {
            for (uint8 role; role < 2; ++role) {
                if (stake.slashableOf(network, Role(role), people[i]) != bondOf[Role(role)][people[i]]) {
                    return people[i];
                }
            }
        }
        return address(0);
    }

    /// @notice A root whose window is further off than acceptance, one window and one delay.
    function rootPutOff() external view returns (bytes32) {
        for (uint256 i; i < accepted.length; ++i) {
            bytes32 id = accepted[i];
            uint256 bound_ = acceptedAt[id] + (1 + delays[id]) * CHALLENGE;
            if (delays[id] > 1 || settlement.recordOf(id).finalisableAt > bound_) return id;
        }
        return 0;
    }

    // ----

    function _lie(Draft memory d, uint256 seed, uint256 way) private view {
        uint256 before = d.parent.payoutSum;
        uint256 most = before;
        uint128[4] memory pots = potsOf(d);
        for (uint256 p; p < 4; ++p) {
            if (d.root.workSums[p] != 0) most += pots[p];
        }
        uint256 sum = before + random(seed, 6) % (most - before + 1);
        if (way == 2) sum = most + 1 + random(seed, 7) % 1e24;
        if (way == 3) sum = before == 0 ? most + 1 : before - 1;
        // Whatever anybody had before, it is given out anew.
        uint256 rest = sum;
        for (uint256 i; i < DEVICES; ++i) {
            d.cumulative[i] = uint128(i + 1 == DEVICES ? rest : random(seed, 8 + i) % (rest + 1));
            rest -= d.cumulative[i];
        }
        if (way >= 4) {
            // The tops are within the budget, a leaf far below is not.
            uint256 height = way - 4;
            uint256 position = random(seed, 20) % (DEVICES >> height);
            d.cumulative[position << height] += uint128(1 + random(seed, 21) % 1e24);
            uint128 honest = uint128(sum);
            for (uint256 i; i < DEVICES; ++i) {
                if (i >> height != position) honest -= d.cumulative[i];
            }
            d.payoutTamper = TreeBuilder.Tamper(
                true, height, position, abi.encodePacked(_trueHash(d, height, position), honest)
            );
        }
        close(d);
    }

    /// @dev The hash that the node would have without the tampering.
    function _trueHash(Draft memory d, uint256 height, uint256 position) private pure returns (bytes32) {
        bytes memory left =
            TreeBuilder.payoutLeaf(uint32(position << height), d.cumulative[position << height]);
        if (height == 0) return TreeBuilder.hashOf(left);
        uint256 next = 2 * position + 1;
        bytes memory right = TreeBuilder.payoutLeaf(uint32(next), d.cumulative[next]);
        return TreeBuilder.hashOf(TreeBuilder.join(TreeBuilder.PAYOUT, left, right));
    }

    function _claim(bytes32 action, address caller, bytes memory call) private returns (bool ok) {
        bytes memory result;
        (ok, result) = attempt(action, caller, address(vault), call);
        if (!ok) return false;
        uint256 paid = abi.decode(result, (uint256));
        claimed += paid;
        if (paid > 0) ++done["a claim that paid"];
    }

    function _withdraw(Role role, address holder) private {
        uint256 before = token.balanceOf(holder);
        (bool ok,) =
            attempt("withdraw", holder, address(stake), abi.encodeCall(IStake.withdraw, (network, role)));
        if (!ok) return;
        uint256 amount = token.balanceOf(holder) - before;
        withdrawn += amount;
        bondOf[role][holder] -= amount;
    }

    /// @dev Mostly in the role it has from the start.
    function _someone(uint256 seed) private view returns (Role role, address holder) {
        uint256 place = (seed >> 8) % people.length;
        holder = people[place];
        if (seed % 4 == 3) role = Role((seed >> 24) % 2);
        else role = place < 3 ? Role.Verifier : Role.Ingest;
    }

    function _topUp(Role role, address holder, uint128 amount) private returns (bool ok) {
        if (stake.weightOf(network, role, holder, epochNow() + 1) >= amount) return false;
        ok = stakeFor(role, holder, amount);
        if (ok) _noteDeposit(role, holder, amount);
    }

    function _noteDeposit(Role role, address holder, uint256 amount) private {
        deposited += amount;
        bondOf[role][holder] += amount;
    }

    function _noteSlash(Role role, address holder, uint256 amount) internal override {
        slashed += amount;
        bondOf[role][holder] -= amount;
        if (amount > 0) ++done["slash"];
    }

    function _govern(bytes memory call) private {
        attempt("govern", governor, address(networks), call);
    }

    function _authorization(uint256 device, address recipient, uint128 minimum, uint256 fee, uint256 deadline)
        private
        view
        returns (bytes32)
    {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256(
                    "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
                ),
                keccak256("Cairn"),
                keccak256("1"),
                block.chainid,
                address(vault)
            )
        );
        bytes32 typeHash = keccak256(
            "ClaimAuthorization(uint256 deviceId,address recipient,uint128 minimumCumulative,uint256 fee,uint256 deadline)"
        );
        bytes32 content = keccak256(abi.encode(typeHash, device, recipient, minimum, fee, deadline));
        return keccak256(abi.encodePacked(hex"1901", domain, content));
    }

    function _nameOf(address owner) private returns (string memory name) {
        for (uint256 i; i < DEVICES; ++i) {
            if (ownerOf(i) == owner) name = string.concat("owner ", vm.toString(i));
        }
    }
}
