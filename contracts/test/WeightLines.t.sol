// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Test} from "forge-std/Test.sol";

import {WeightPoint} from "../src/interfaces/IBudgets.sol";
import {WeightLines} from "../src/libraries/WeightLines.sol";

/// @notice Spec 7's vectors for program weights, which TypeScript writes and reads too.
contract WeightLinesTest is Test {
    using WeightLines for uint96[];

    string private _json;

    function setUp() external {
        _json = vm.readFile("specs/vectors/economics.json");
    }

    function test_Vectors() external view {
        uint256 checked;
        for (uint256 i = 0; vm.keyExistsJson(_json, place(".programs", i)); ++i) {
            string memory path = place(".programs", i);
            (uint96[] memory points, uint256 first) = _points(path);
            for (uint256 k = 0; vm.keyExistsJson(_json, place(string.concat(path, ".weights"), k)); ++k) {
                string memory at = place(string.concat(path, ".weights"), k);
                uint256 epoch = vm.parseUint(vm.parseJsonString(_json, string.concat(at, ".epoch")));
                (uint256[4] memory weightsBps, uint256 until) = points.at(epoch - first);
                assertGt(until, epoch - first);
                uint256[4] memory expected = _weights(string.concat(at, ".weightsBps"));
                for (uint256 p = 0; p < 4; ++p) {
                    assertEq(weightsBps[p], expected[p], at);
                }
                ++checked;
            }
        }
        assertGt(checked, 35);
    }

    /// @dev `until` is where the next step begins: nothing changes before it, and it is at most 64 times on a line.
    function testFuzz_at_behavior_StepsAreWhole(uint32 length, uint16 from, uint16 to, uint32 t) external view {
        length = uint32(bound(length, 1, type(uint32).max));
        uint96[] memory points = new uint96[](2);
        points[0] = this.packed(WeightPoint(0, _pair(uint16(bound(from, 0, 10_000)))));
        points[1] = this.packed(WeightPoint(length, _pair(uint16(bound(to, 0, 10_000)))));
        t = uint32(bound(t, 0, length - 1));
        (uint256[4] memory weightsBps, uint256 until) = points.at(t);
        assertEq(weightsBps[0] + weightsBps[1], 10_000);
        (uint256[4] memory before,) = points.at(until - 1);
        assertEq(keccak256(abi.encode(before)), keccak256(abi.encode(weightsBps)));
        uint256 steps;
        for (uint256 at_; at_ < length; ++steps) {
            (, at_) = points.at(at_);
        }
        assertLe(steps, 64);
        assertEq(steps, length <= 64 ? length : (uint256(length) + _step(length) - 1) / _step(length));
    }

    function packed(WeightPoint calldata point) external pure returns (uint96) {
        return WeightLines.pack(point);
    }

    function _step(uint256 length) private pure returns (uint256) {
        return (length + 63) / 64;
    }

    function _pair(uint16 first) private pure returns (uint16[4] memory) {
        return [first, 10_000 - first, 0, 0];
    }

    function _points(string memory path) private view returns (uint96[] memory points, uint256 first) {
        uint256 count;
        while (vm.keyExistsJson(_json, place(string.concat(path, ".points"), count))) ++count;
        points = new uint96[](count);
        for (uint256 i = 0; i < count; ++i) {
            string memory at = place(string.concat(path, ".points"), i);
            uint256 epoch = vm.parseUint(vm.parseJsonString(_json, string.concat(at, ".epoch")));
            if (i == 0) first = epoch;
            WeightPoint memory point;
            point.afterEpochs = uint32(epoch - first);
            uint256[4] memory weightsBps = _weights(string.concat(at, ".weightsBps"));
            for (uint256 p = 0; p < 4; ++p) {
                point.weightsBps[p] = uint16(weightsBps[p]);
            }
            points[i] = this.packed(point);
        }
    }

    /// @dev Places without a program are zero.
    function _weights(string memory path) private view returns (uint256[4] memory weightsBps) {
        for (uint256 p = 0; vm.keyExistsJson(_json, place(path, p)); ++p) {
            weightsBps[p] = vm.parseUint(vm.parseJsonString(_json, place(path, p)));
        }
    }

    function place(string memory path, uint256 i) private pure returns (string memory) {
        return string.concat(path, "[", vm.toString(i), "]");
    }
}
