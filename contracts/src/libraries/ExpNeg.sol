// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @notice e^−x by a rational approximation, both in Q.128 (filecoin-project/builtin-actors, actors/reward/src/expneg.rs). Spec 7, Schedules.
library ExpNeg {
    uint256 internal constant ONE = 1 << 128;
    /// @notice The approximation is not used above 5.
    uint256 internal constant LARGEST = 5 << 128;

    /// @notice ⌊N(x) · 2^128 / D(x)⌋ for 0 ≤ x ≤ 5, both polynomials by Horner's scheme with every product shifted right by 128 towards minus infinity. Off by less than
    ///         3.4e-30 below 1.725 and by less than 4.6e-15 up to 5. N and D are positive there.
    function expNeg(uint256 x) internal pure returns (uint256) {
        return Math.mulDiv(_numerator(x), ONE, _denominator(x));
    }

    /// @dev The coefficients alternate in sign, and up to x = 5 each outweighs the product it is added to, so that every sum has the sign of its coefficient. What is
    ///      carried is its size, rounded so that the signed number goes towards minus infinity.
    function _numerator(uint256 x) private pure returns (uint256 sum) {
        sum = 648770010757830093818553637600; // negative
        sum = _up(67469480939593786226847644286976, sum, x);
        sum = _down(3197587544499098424029388939001856, sum, x);
        sum = _up(89244641121992890118377641805348864, sum, x);
        sum = _down(1579656163641440567800982336819953664, sum, x);
        sum = _up(17685496037279256458459817590917169152, sum, x);
        sum = _down(115682590513835356866803355398940131328, sum, x);
        sum = _up(340282366920938463463374607431768211456, sum, x);
    }

    function _denominator(uint256 x) private pure returns (uint256 sum) {
        sum = 1225524182432722209606361;
        sum = _add(114095592300906098243859450, sum, x);
        sum = _add(5665570424063336070530214243, sum, x);
        sum = _add(194450132448609991765137938448, sum, x);
        sum = _add(5068267641632683791026134915072, sum, x);
        sum = _add(104716890604972796896895427629056, sum, x);
        sum = _add(1748338658439454459487681798864896, sum, x);
        sum = _add(23704654329841312470660182937960448, sum, x);
        sum = _add(259380097567996910282699886670381056, sum, x);
        sum = _add(2250336698853390384720606936038375424, sum, x);
        sum = _add(14978272436876548034486263159246028800, sum, x);
        sum = _add(72144088983913131323343765784380833792, sum, x);
        sum = _add(224599776407103106596571252037123047424, sum, x);
        sum = _add(340282366920938463463374607431768211456, sum, x);
    }

    /// @dev The next sum is positive, the last one was negative: its product is ⌈sum · x / 2^128⌉ below zero.
    function _up(uint256 coefficient, uint256 sum, uint256 x) private pure returns (uint256) {
        return coefficient - Math.mulShr(sum, x, 128, Math.Rounding.Ceil);
    }

    /// @dev The next sum is −(coefficient − ⌊sum · x / 2^128⌋).
    function _down(uint256 coefficient, uint256 sum, uint256 x) private pure returns (uint256) {
        return coefficient - Math.mulShr(sum, x, 128);
    }

    function _add(uint256 coefficient, uint256 sum, uint256 x) private pure returns (uint256) {
        return coefficient + Math.mulShr(sum, x, 128);
    }
}
