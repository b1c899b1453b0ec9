// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {ExponentialDecay} from "../src/ExponentialDecay.sol";
import {NetworkGovernor, VotingRules} from "../src/NetworkGovernor.sol";
import {SimpleMinting} from "../src/SimpleMinting.sol";
import {VotingToken} from "../src/VotingToken.sol";
import {Foundation} from "./Foundation.sol";

/// @notice Contract sizes, kept in contracts/snapshots/Sizes.json, and the limit of EIP-170.
contract SizesTest is Foundation {
    function test_default_WithinTheLimit() external {
        record("Devices", address(devices));
        record("ExponentialDecay", address(new ExponentialDecay(1, 1, 2, 1, 1)));
        record("FixedEmission", address(emission));
        record("NetworkToken", address(token));
        record("Networks", address(networks));
        record("Reserve", address(reserve));
        record("RewardVault", address(vault));
        record("SimpleMinting", address(new SimpleMinting(1, 1 << 100)));
        record("Stake", address(stake));
        VotingToken votes = new VotingToken(IERC20(address(token)), "Votes", "V");
        record("VotingToken", address(votes));
        record("NetworkGovernor", address(new NetworkGovernor(votes, VotingRules(1, 1, 1, 1, 1, 1, 1))));
    }

    function record(string memory name, address deployed) private {
        vm.snapshotValue("Sizes", name, deployed.code.length);
        assertLt(deployed.code.length, 24_576);
    }
}
