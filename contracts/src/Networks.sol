// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Reserve} from "./Reserve.sol";
import {RewardVault} from "./RewardVault.sol";
import {IBeacon} from "./interfaces/IBeacon.sol";
import {IBudgets, Programs} from "./interfaces/IBudgets.sol";
import {IDevices} from "./interfaces/IDevices.sol";
import {INetworks, NetworkConfig, Ruleset} from "./interfaces/INetworks.sol";
import {OutflowLimits} from "./interfaces/IReserve.sol";
import {IVaultFactory} from "./interfaces/IRewardVault.sol";
import {ISettlement} from "./interfaces/ISettlement.sol";
import {NetworkId} from "./types/NetworkId.sol";
import {Timeline} from "./types/Timeline.sol";

contract Networks is INetworks, IVaultFactory {
    struct Network {
        NetworkConfig config;
        address vault;
        address reserve;
        Ruleset[] rulesets; // by fromEpoch, strictly ascending
        mapping(uint16 class => bool) makerRequired;
        mapping(uint16 class => mapping(address maker => bool)) isMaker;
        mapping(bytes32 reportHash => uint256 epochPlusOne) quarantined;
    }

    uint256 private constant LOCAL_CHAIN = 31337;
    uint256 private constant WHOLE_BPS = 10_000;

    ISettlement private immutable SETTLEMENT;
    IDevices private immutable DEVICES;
    IBudgets private immutable BUDGETS;

    mapping(NetworkId network => Network) private _networks;

    // What the vault under construction asks for.
    NetworkId private transient _vaultNetwork;
    address private transient _vaultToken;

    constructor(address settlement, address devices, address budgets) {
        SETTLEMENT = ISettlement(settlement);
        DEVICES = IDevices(devices);
        BUDGETS = IBudgets(budgets);
    }

    /// @inheritdoc INetworks
    function create(
        NetworkConfig calldata config,
        bytes32 salt,
        bytes calldata ruleset,
        Programs calldata programs
    ) external returns (NetworkId network) {
        network = idOf(msg.sender, salt);
        Network storage created = _networks[network];
        if (created.config.timeline.epochSeconds != 0) revert NetworkExists(network);
        _checkTimeline(config.timeline);
        _checkBeacon(config.beacon);
        if (config.verifierShareBps > WHOLE_BPS) revert ShareTooLarge(config.verifierShareBps);
        _checkOutflow(config);
        uint256 total = config.emission.total();
        if (total > type(uint96).max) revert EmissionTooLarge(total, type(uint96).max);

        created.config = config;
        (created.vault, created.reserve) = _deployFunds(network, config);
        emit NetworkCreated(network, msg.sender, config, created.vault, created.reserve);
        BUDGETS.open(network, config.emission, config.verifierShareBps);
        _adopt(network, created, 0, ruleset, programs);
        DEVICES.open(network, config.timeline.genesis, config.timeline.epochSeconds);
    }

    /// @inheritdoc INetworks
    function adoptRuleset(NetworkId network, bytes calldata document, Programs calldata programs) external {
        Network storage n = _owned(network);
        _adopt(network, n, _nextEpoch(n), document, programs);
    }

    /// @inheritdoc INetworks
    function setMaker(NetworkId network, uint16 class, address maker, bool approved) external {
        _owned(network).isMaker[class][maker] = approved;
        emit MakerSet(network, class, maker, approved);
    }

    /// @inheritdoc INetworks
    function requireMaker(NetworkId network, uint16 class, bool required) external {
        _owned(network).makerRequired[class] = required;
        emit MakerRequired(network, class, required);
        if (required) DEVICES.gate(network);
    }

    /// @inheritdoc INetworks
    function quarantine(NetworkId network, bytes32 reportHash) external {
        Network storage n = _owned(network);
        // The first quarantine stays: it may have acted already.
        if (n.quarantined[reportHash] != 0) return;
        uint32 fromEpoch = _nextEpoch(n);
        n.quarantined[reportHash] = uint256(fromEpoch) + 1;
        emit ReportQuarantined(network, reportHash, fromEpoch);
    }

    /// @inheritdoc INetworks
    function changeOwner(NetworkId network, address owner) external {
        _owned(network).config.owner = owner;
        emit OwnerChanged(network, owner);
    }

    /// @inheritdoc INetworks
    function idOf(address creator, bytes32 salt) public view returns (NetworkId) {
        return NetworkId.wrap(bytes28(keccak256(abi.encode(block.chainid, address(this), creator, salt))));
    }

    /// @inheritdoc INetworks
    function exists(NetworkId network) external view returns (bool) {
        return _networks[network].config.timeline.epochSeconds != 0;
    }

    /// @inheritdoc INetworks
    function configOf(NetworkId network) external view returns (NetworkConfig memory) {
        return _known(network).config;
    }

    /// @inheritdoc INetworks
    function ownerOf(NetworkId network) external view returns (address) {
        return _known(network).config.owner;
    }

    /// @inheritdoc INetworks
    function tokenOf(NetworkId network) external view returns (address) {
        return _known(network).config.token;
    }

    /// @inheritdoc INetworks
    function timelineOf(NetworkId network) external view returns (Timeline memory) {
        return _known(network).config.timeline;
    }

    /// @inheritdoc INetworks
    function vaultOf(NetworkId network) external view returns (address) {
        return _known(network).vault;
    }

    /// @inheritdoc INetworks
    function reserveOf(NetworkId network) external view returns (address) {
        return _known(network).reserve;
    }

    /// @inheritdoc INetworks
    function isMaker(NetworkId network, uint16 class, address maker) external view returns (bool) {
        return _known(network).isMaker[class][maker];
    }

    /// @inheritdoc INetworks
    function makerRequired(NetworkId network, uint16 class) external view returns (bool) {
        return _known(network).makerRequired[class];
    }

    /// @inheritdoc INetworks
    function quarantinedFrom(NetworkId network, bytes32 reportHash) external view returns (uint32) {
        uint256 epochPlusOne = _known(network).quarantined[reportHash];
        return epochPlusOne == 0 ? type(uint32).max : uint32(epochPlusOne - 1);
    }

    /// @inheritdoc INetworks
    function rulesetAt(NetworkId network, uint32 epoch) external view returns (Ruleset memory) {
        Ruleset[] storage rulesets = _known(network).rulesets;
        return rulesets[_inForce(rulesets, epoch)];
    }

    /// @inheritdoc IVaultFactory
    function vaultParameters() external view returns (NetworkId, address, ISettlement, IDevices) {
        return (_vaultNetwork, _vaultToken, SETTLEMENT, DEVICES);
    }

    function _deployFunds(NetworkId network, NetworkConfig calldata config)
        private
        returns (address vault, address reserve)
    {
        (_vaultNetwork, _vaultToken) = (network, config.token);
        vault = address(new RewardVault{salt: NetworkId.unwrap(network)}());
        (_vaultNetwork, _vaultToken) = (NetworkId.wrap(0), address(0));
        OutflowLimits memory limits = OutflowLimits(
            config.outflowLimit,
            config.outflowEpochs,
            config.timeline.genesis,
            config.timeline.epochSeconds
        );
        reserve = address(new Reserve(address(SETTLEMENT), vault, config.token, limits));
    }

    /// @dev A ruleset adopted in the same epoch as the one before replaces it: neither has acted.
    function _adopt(
        NetworkId network,
        Network storage n,
        uint32 fromEpoch,
        bytes calldata document,
        Programs calldata programs
    ) private {
        uint256 count = n.rulesets.length;
        bool replaces = count > 0 && n.rulesets[count - 1].fromEpoch == fromEpoch;
        Ruleset storage adopted = replaces ? n.rulesets[count - 1] : n.rulesets.push();
        adopted.fromEpoch = fromEpoch;
        adopted.hash = keccak256(document);
        BUDGETS.adopt(network, fromEpoch, programs);
        emit RulesetAdopted(network, fromEpoch, adopted.hash, programs, document);
    }

    /// @dev Place of the newest ruleset with fromEpoch ≤ epoch; the first acts from epoch 0, so there is one.
    function _inForce(Ruleset[] storage rulesets, uint32 epoch) private view returns (uint256 low) {
        uint256 high = rulesets.length;
        while (high - low > 1) {
            uint256 middle = (low + high) / 2;
            if (rulesets[middle].fromEpoch <= epoch) low = middle;
            else high = middle;
        }
    }

    function _checkTimeline(Timeline calldata t) private view {
        bool local = block.chainid == LOCAL_CHAIN;
        _atLeast("epochSeconds", local ? 1 : 600, t.epochSeconds);
        _atLeast("sealSeconds", local ? 1 : 60, t.sealSeconds);
        _atLeast("availabilitySeconds", local ? 1 : 300, t.availabilitySeconds);
        _atLeast("attestSeconds", local ? 1 : 600, t.attestSeconds);
        _atLeast("challengeSeconds", local ? 1 : 1 days, t.challengeSeconds);
        _atLeast("responseSeconds", local ? 1 : 1 hours, t.responseSeconds);
        // Sealings of two epochs never overlap.
        _atLeast("epochSeconds", t.sealSeconds, t.epochSeconds);
        // Longer than the longest challenge, and than a receipt can wait for the proof that nothing was committed, late or not.
        uint256 late = uint256(t.availabilitySeconds) + t.attestSeconds;
        uint256 longest =
            (late > t.challengeSeconds ? late : t.challengeSeconds) + 8 * uint256(t.responseSeconds);
        _atLeast("exitSeconds", longest + t.epochSeconds + t.sealSeconds, t.exitSeconds);
    }

    /// @dev A schedule never emits more in an epoch than it does at first.
    function _checkOutflow(NetworkConfig calldata config) private view {
        (uint128 limit, uint8 epochs) = (config.outflowLimit, config.outflowEpochs);
        if (limit == 0 && epochs == 0) return;
        if (limit == 0 || epochs == 0 || epochs > 64) revert OutflowInvalid(limit, epochs);
        // A schedule that follows what a network does says nothing of epochs to come.
        try config.emission.cumulative(epochs) returns (uint256 needed) {
            if (limit < needed) revert OutflowTooLow(limit, needed);
        } catch {}
    }

    /// @dev Prevrandao is its proposer's to bias, and constant on many chains.
    function _checkBeacon(IBeacon beacon) private view {
        if (address(beacon) == address(0) && block.chainid == LOCAL_CHAIN) return;
        if (address(beacon).code.length == 0) revert BeaconMissing(address(beacon));
    }

    function _atLeast(string memory field, uint256 minimum, uint256 given) private pure {
        if (given < minimum) revert TimelineTooShort(field, minimum, given);
    }

    function _nextEpoch(Network storage n) private view returns (uint32) {
        Timeline memory timeline = n.config.timeline;
        return timeline.nextEpoch(block.timestamp);
    }

    function _known(NetworkId network) private view returns (Network storage n) {
        n = _networks[network];
        if (n.config.timeline.epochSeconds == 0) revert NetworkUnknown(network);
    }

    function _owned(NetworkId network) private view returns (Network storage n) {
        n = _known(network);
        if (msg.sender != n.config.owner) revert NotOwner(network, msg.sender, n.config.owner);
    }
}
