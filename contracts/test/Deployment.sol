// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Test} from "forge-std/Test.sol";

import {Budgets} from "../src/Budgets.sol";
import {Challenges} from "../src/Challenges.sol";
import {Credits} from "../src/Credits.sol";
import {DelegationPools} from "../src/DelegationPools.sol";
import {Devices} from "../src/Devices.sol";
import {Disputes} from "../src/Disputes.sol";
import {Evidence} from "../src/Evidence.sol";
import {FixedEmission} from "../src/FixedEmission.sol";
import {IngestChallenges} from "../src/IngestChallenges.sol";
import {Networks} from "../src/Networks.sol";
import {NetworkToken} from "../src/NetworkToken.sol";
import {OperatorBonds} from "../src/OperatorBonds.sol";
import {Payments} from "../src/Payments.sol";
import {PossessionProofs} from "../src/PossessionProofs.sol";
import {Reserve} from "../src/Reserve.sol";
import {RewardVault} from "../src/RewardVault.sol";
import {Settlement} from "../src/Settlement.sol";
import {Stake} from "../src/Stake.sol";
import {StorageOffers} from "../src/StorageOffers.sol";
import {StorageRails} from "../src/StorageRails.sol";
import {Programs, WeightPoint} from "../src/interfaces/IBudgets.sol";
import {PoolContracts} from "../src/interfaces/IDelegationPool.sol";
import {NetworkConfig} from "../src/interfaces/INetworks.sol";
import {NetworkId} from "../src/types/NetworkId.sol";

/// @notice The whole protocol, wired as in production: every contract gets the others' addresses in its constructor, worked out ahead from the deployer's nonces.
abstract contract Deployment is Test {
    Networks internal networks;
    Devices internal devices;
    Stake internal stake;
    Evidence internal evidence;
    IngestChallenges internal ingestChallenges;
    Settlement internal settlement;
    Challenges internal challenges;
    Disputes internal disputes;
    Budgets internal budgets;
    Credits internal credits;
    Payments internal payments;
    OperatorBonds internal operatorBonds;
    DelegationPools internal delegationPools;
    PossessionProofs internal possessionProofs;
    StorageOffers internal storageOffers;
    StorageRails internal storageRails;

    /// @dev The order is part of the deployment: Networks, Devices, Stake, Evidence, IngestChallenges, Settlement, Challenges, Disputes, Budgets, Credits, Payments, PossessionProofs, StorageOffers, StorageRails.
    function deploy() internal {
        address[14] memory planned = addressesFrom(vm.getNonce(address(this)));
        networks = new Networks({settlement: planned[5], devices: planned[1], budgets: planned[8]});
        devices = new Devices({networks: planned[0]});
        address[] memory authorised = new address[](3);
        (authorised[0], authorised[1], authorised[2]) = (planned[3], planned[4], planned[5]);
        stake = new Stake({networks: planned[0], authorised: authorised});
        evidence = new Evidence(planned[0], planned[2]);
        ingestChallenges = new IngestChallenges(planned[0], planned[2], planned[3]);
        settlement = new Settlement(planned[0], planned[1], planned[2], planned[3], planned[6], planned[7], planned[8]);
        challenges = new Challenges(planned[0], planned[5]);
        disputes = new Disputes(planned[0], planned[1], planned[3], planned[5]);
        budgets = new Budgets(planned[0], planned[9]);
        credits = new Credits(planned[0], planned[10], planned[13]);
        payments = new Payments(planned[9]);
        possessionProofs = new PossessionProofs(planned[0], planned[1], planned[3], planned[13]);
        storageOffers = new StorageOffers(planned[0], planned[1]);
        storageRails = new StorageRails(planned[1], planned[12], planned[9], planned[11]);

        address[14] memory deployed = [
            address(networks),
            address(devices),
            address(stake),
            address(evidence),
            address(ingestChallenges),
            address(settlement),
            address(challenges),
            address(disputes),
            address(budgets),
            address(credits),
            address(payments),
            address(possessionProofs),
            address(storageOffers),
            address(storageRails)
        ];
        for (uint256 i = 0; i < 14; ++i) {
            assertEq(deployed[i], planned[i], "deployed elsewhere than worked out");
        }
        operatorBonds = new OperatorBonds(planned[0], planned[1], planned[3], planned[5], planned[11]);
        delegationPools =
            new DelegationPools(PoolContracts(planned[0], planned[2], planned[5], planned[3], planned[7]));
    }

    function addressesFrom(uint256 nonce) internal view returns (address[14] memory addresses) {
        for (uint256 i = 0; i < 14; ++i) {
            addresses[i] = vm.computeCreateAddress(address(this), nonce + i);
        }
    }

    /// @notice A token and a network whose reserve holds the schedule's total; the rest of the supply is this contract's.
    /// @dev `config.token` and `config.emission` are filled in here.
    function createNetwork(
        NetworkConfig memory config,
        FixedEmission emission,
        uint256 supply,
        bytes32 salt,
        bytes memory ruleset,
        uint16[4] memory weightsBps
    ) internal returns (NetworkId network, NetworkToken token, RewardVault vault, Reserve reserve) {
        address[] memory recipients = new address[](1);
        uint256[] memory amounts = new uint256[](1);
        (recipients[0], amounts[0]) = (address(this), supply);
        token = new NetworkToken(config.name, "TEST", recipients, amounts, address(0));
        (config.token, config.emission) = (address(token), emission);
        network = networks.create(config, salt, ruleset, still(weightsBps));
        (vault, reserve) = (RewardVault(networks.vaultOf(network)), Reserve(networks.reserveOf(network)));
        token.transfer(address(reserve), emission.total());
    }

    /// @notice Weights that do not move, of programs that are not bounded.
    function still(uint16[4] memory weightsBps) internal pure returns (Programs memory programs) {
        programs.weights = new WeightPoint[](1);
        programs.weights[0].weightsBps = weightsBps;
    }
}
