// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ExponentialDecay} from "../src/ExponentialDecay.sol";
import {SimpleMinting} from "../src/SimpleMinting.sol";
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
    }

    function record(string memory name, address deployed) private {
        vm.snapshotValue("Sizes", name, deployed.code.length);
        assertLt(deployed.code.length, 24_576);
    }
}
