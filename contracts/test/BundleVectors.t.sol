// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IStorageRails} from "../src/interfaces/IStorageRails.sol";
import {Deployment} from "./Deployment.sol";

/// @notice specs/vectors/bundle.json: what customers sign of bundles, on other chains and at other addresses.
contract BundleVectorsTest is Deployment {
    string private _json = vm.readFile("specs/vectors/bundle.json");

    function setUp() external {
        deploy();
    }

    function pathTo(uint256 i, string memory field) private pure returns (string memory) {
        return string.concat(".bundles[", vm.toString(i), "].", field);
    }

    function number(uint256 i, string memory field) private view returns (uint256) {
        return vm.parseJsonUint(_json, pathTo(i, field));
    }

    function test_DigestsAreThoseOfTheVectors() external {
        uint256 count;
        for (; vm.keyExistsJson(_json, pathTo(count, "digest")); ++count) {
            address at = vm.parseJsonAddress(_json, pathTo(count, "contract"));
            vm.etch(at, address(storageRails).code);
            vm.chainId(number(count, "chainId"));
            bytes32 digest = IStorageRails(at).bundleDigest(
                uint64(number(count, "rail")),
                uint32(number(count, "piece")),
                vm.parseJsonBytes32(_json, pathTo(count, "root")),
                uint64(number(count, "leaves"))
            );
            assertEq(digest, vm.parseJsonBytes32(_json, pathTo(count, "digest")));
        }
        assertEq(count, 4);
    }
}
