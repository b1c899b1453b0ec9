// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";

import {INetworks, NetworkConfig} from "./interfaces/INetworks.sol";
import {IStake, Role} from "./interfaces/IStake.sol";
import {TokenSink} from "./libraries/TokenSink.sol";
import {NetworkId} from "./types/NetworkId.sol";

contract Stake is IStake {
    using SafeERC20 for IERC20;
    using Checkpoints for Checkpoints.Trace224;

    struct Bond {
        uint128 amount; // all that a slash takes
        uint128 exiting; // the part of it that no snapshot counts any more
        uint64 withdrawableAt;
        uint32 liabilities;
        uint32 placePlusOne; // in the role's list of holders
        uint32 presentThrough; // of a verifier: how many of the network's accepted roots it has not missed
        Checkpoints.Trace224 counted; // by epoch: amount − exiting
    }

    uint256 private constant MAX_HOLDERS = 32;
    uint256 private constant MAX_URL_BYTES = 200;
    /// @dev So many accepted roots in a row may be missed before the weight halves, and again before it halves once more.
    uint256 private constant PATIENCE = 24;
    /// @dev What is left then stays: an absent verifier can always come back.
    uint256 private constant MAX_HALVINGS = 6;

    INetworks private immutable NETWORKS;

    mapping(address caller => bool) private _authorised;
    mapping(NetworkId network => mapping(Role role => mapping(address holder => Bond))) private _bonds;
    mapping(NetworkId network => mapping(Role role => address[])) private _holders;
    mapping(NetworkId network => uint32) private _acceptedRoots;

    modifier onlyAuthorised() {
        if (!_authorised[msg.sender]) revert NotAuthorised(msg.sender);
        _;
    }

    constructor(address networks, address[] memory authorised) {
        NETWORKS = INetworks(networks);
        for (uint256 i = 0; i < authorised.length; ++i) {
            _authorised[authorised[i]] = true;
        }
    }

    /// @inheritdoc IStake
    function deposit(NetworkId network, Role role, uint128 amount) external {
        NetworkConfig memory config = NETWORKS.configOf(network);
        Bond storage bond = _bonds[network][role][msg.sender];
        uint128 counted = bond.amount - bond.exiting + amount;
        _requireMinimum(config, role, counted);
        if (bond.placePlusOne == 0) {
            _enlist(network, role, msg.sender, bond);
            bond.presentThrough = _acceptedRoots[network];
        }
        bond.amount += amount;
        uint32 fromEpoch = config.timeline.nextEpoch(block.timestamp);
        bond.counted.push(fromEpoch, counted);
        emit Deposited(network, role, msg.sender, amount, bond.amount, fromEpoch);
        IERC20(config.token).safeTransferFrom(msg.sender, address(this), amount);
    }

    /// @inheritdoc IStake
    function announce(NetworkId network, Role role, string calldata url) external {
        if (_bonds[network][role][msg.sender].amount == 0) revert NotHolder(msg.sender);
        if (bytes(url).length > MAX_URL_BYTES) revert UrlTooLong(bytes(url).length, MAX_URL_BYTES);
        emit Announced(network, role, msg.sender, url);
    }

    /// @inheritdoc IStake
    function requestExit(NetworkId network, Role role, uint128 amount) external {
        Bond storage bond = _bonds[network][role][msg.sender];
        uint128 counted = bond.amount - bond.exiting;
        if (amount == 0 || amount > counted) revert NothingToExit(msg.sender);
        NetworkConfig memory config = NETWORKS.configOf(network);
        counted -= amount;
        // What stays in has to be a whole bond or nothing.
        if (counted != 0) _requireMinimum(config, role, counted);
        bond.exiting += amount;
        bond.withdrawableAt = uint64(block.timestamp + config.timeline.exitSeconds);
        uint32 fromEpoch = config.timeline.nextEpoch(block.timestamp);
        bond.counted.push(fromEpoch, counted);
        emit ExitRequested(network, role, msg.sender, amount, bond.withdrawableAt, fromEpoch);
    }

    /// @inheritdoc IStake
    function withdraw(NetworkId network, Role role) external {
        Bond storage bond = _bonds[network][role][msg.sender];
        uint128 amount = bond.exiting;
        if (amount == 0) revert NothingToExit(msg.sender);
        if (block.timestamp < bond.withdrawableAt) revert ExitTooEarly(bond.withdrawableAt, block.timestamp);
        if (bond.liabilities > 0) revert StillLiable(msg.sender, bond.liabilities);
        bond.exiting = 0;
        bond.amount -= amount;
        if (bond.amount == 0) _delist(network, role, bond);
        emit Withdrawn(network, role, msg.sender, amount);
        IERC20(NETWORKS.tokenOf(network)).safeTransfer(msg.sender, amount);
    }

    /// @inheritdoc IStake
    function addLiability(NetworkId network, Role role, address holder) external onlyAuthorised {
        ++_bonds[network][role][holder].liabilities;
    }

    /// @inheritdoc IStake
    function dropLiability(NetworkId network, Role role, address holder) external onlyAuthorised {
        --_bonds[network][role][holder].liabilities;
    }

    /// @inheritdoc IStake
    function attend(NetworkId network, address verifier, uint32 epoch)
        external
        onlyAuthorised
        returns (uint128 weight)
    {
        Bond storage bond = _bonds[network][Role.Verifier][verifier];
        ++bond.liabilities;
        // The root it attests is the next to be accepted, or has been already.
        bond.presentThrough = _acceptedRoots[network] + 1;
        return _weightOf(network, Role.Verifier, bond, epoch);
    }

    /// @inheritdoc IStake
    function rootAccepted(NetworkId network) external onlyAuthorised {
        ++_acceptedRoots[network];
    }

    /// @inheritdoc IStake
    function slash(NetworkId network, Role role, address holder, uint128 amount) external onlyAuthorised {
        _slash(network, role, holder, amount, address(0));
    }

    /// @inheritdoc IStake
    function slashAll(NetworkId network, Role role, address holder, address winner)
        external
        onlyAuthorised
        returns (uint128 amount)
    {
        return _slash(network, role, holder, type(uint128).max, winner);
    }

    /// @inheritdoc IStake
    function slashableOf(NetworkId network, Role role, address holder) external view returns (uint128) {
        return _bonds[network][role][holder].amount;
    }

    /// @inheritdoc IStake
    function weightOf(NetworkId network, Role role, address holder, uint32 epoch)
        external
        view
        returns (uint128)
    {
        return _weightOf(network, role, _bonds[network][role][holder], epoch);
    }

    /// @inheritdoc IStake
    function countedAt(NetworkId network, Role role, address holder, uint32 epoch)
        external
        view
        returns (uint128)
    {
        return _countedAt(_bonds[network][role][holder], epoch);
    }

    /// @inheritdoc IStake
    function totalWeight(NetworkId network, Role role, uint32 epoch) external view returns (uint128 total) {
        address[] storage list = _holders[network][role];
        uint256 count = list.length;
        for (uint256 i = 0; i < count; ++i) {
            total += _weightOf(network, role, _bonds[network][role][list[i]], epoch);
        }
    }

    /// @inheritdoc IStake
    function holders(NetworkId network, Role role) external view returns (address[] memory) {
        return _holders[network][role];
    }

    /// @inheritdoc IStake
    function liabilitiesOf(NetworkId network, Role role, address holder) external view returns (uint32) {
        return _bonds[network][role][holder].liabilities;
    }

    /// @dev What is exiting goes last.
    function _slash(NetworkId network, Role role, address holder, uint128 atMost, address winner)
        private
        returns (uint128 amount)
    {
        Bond storage bond = _bonds[network][role][holder];
        uint128 bonded = bond.amount;
        amount = atMost < bonded ? atMost : bonded;
        if (amount == 0) return 0;
        bonded -= amount;
        bond.amount = bonded;
        if (bond.exiting > bonded) bond.exiting = bonded;
        uint32 fromEpoch = NETWORKS.timelineOf(network).nextEpoch(block.timestamp);
        bond.counted.push(fromEpoch, bonded - bond.exiting);
        if (bonded == 0) _delist(network, role, bond);

        IERC20 token = IERC20(NETWORKS.tokenOf(network));
        // Nobody's refusal to be paid may stop a slash: what can not be paid out is burned.
        uint128 reward = winner == address(0) ? 0 : amount / 3;
        if (reward > 0 && !token.trySafeTransfer(winner, reward)) reward = 0;
        TokenSink.burn(token, amount - reward);
        emit Slashed(network, role, holder, amount, winner, reward);
    }

    function _countedAt(Bond storage bond, uint32 epoch) private view returns (uint128) {
        return uint128(bond.counted.upperLookupRecent(epoch));
    }

    function _weightOf(NetworkId network, Role role, Bond storage bond, uint32 epoch)
        private
        view
        returns (uint128 weight)
    {
        uint128 slashable = bond.amount;
        if (slashable == 0) return 0;
        uint128 counted = _countedAt(bond, epoch);
        weight = counted < slashable ? counted : slashable;
        if (role == Role.Verifier) weight >>= _halvings(network, bond);
    }

    function _halvings(NetworkId network, Bond storage bond) private view returns (uint256) {
        (uint256 accepted, uint256 present) = (_acceptedRoots[network], bond.presentThrough);
        if (accepted <= present) return 0;
        uint256 halvings = (accepted - present) / PATIENCE;
        return halvings < MAX_HALVINGS ? halvings : MAX_HALVINGS;
    }

    function _requireMinimum(NetworkConfig memory config, Role role, uint128 counted) private pure {
        uint128 minimum = role == Role.Ingest ? config.ingestBond : config.verifierBond;
        if (counted < minimum || counted == 0) revert BondTooSmall(minimum, counted);
    }

    function _enlist(NetworkId network, Role role, address holder, Bond storage bond) private {
        address[] storage list = _holders[network][role];
        if (list.length == MAX_HOLDERS) revert SetFull(network, role, MAX_HOLDERS);
        list.push(holder);
        bond.placePlusOne = uint32(list.length);
    }

    function _delist(NetworkId network, Role role, Bond storage bond) private {
        uint256 placePlusOne = bond.placePlusOne;
        if (placePlusOne == 0) return;
        bond.placePlusOne = 0;
        address[] storage list = _holders[network][role];
        address newest = list[list.length - 1];
        list.pop();
        if (placePlusOne > list.length) return;
        list[placePlusOne - 1] = newest;
        _bonds[network][role][newest].placePlusOne = uint32(placePlusOne);
    }
}
